import type { Db } from '../../platform/database/database.ts';
import { ruleRevision } from '../../platform/database/rule-revision.ts';
import type { RuleVersion } from './rules/rule.ts';
import { readDefinition } from './schemas.ts';
import * as store from './store.ts';

const MERCHANTS_KEPT = 10_000;

/** Rules as they stand at a revision; '' before the first rule of any kind. */
interface Rules {
  readonly revision: string;
  readonly versions: readonly RuleVersion[];
}

const NONE: Rules = { revision: '', versions: [] };

/** A stored version as rules are decided by. */
const asVersion = (row: store.RuleRow): RuleVersion => ({
  ruleId: row.rule_id,
  version: row.version,
  name: row.name,
  definition: readDefinition(row.definition),
  startsAt: row.starts_at,
  endsAt: row.ends_at,
});

/**
 * The rules of each merchant, read once. What is kept belongs to one revision, which every reader asks for: another process
 * that has changed a rule is seen by the next sale. Revisions are never used twice, so an undone change leaves nothing behind.
 */
export class RuleBook {
  #revision = '';
  readonly #kept = new Map<string, readonly RuleVersion[]>();

  /** Every version of every rule that a merchant's sales may meet. */
  async of(db: Db, merchantId: string): Promise<Rules> {
    const [row] = await ruleRevision(db, {});
    if (!row) return NONE;
    const revision = row.value;
    if (revision !== this.#revision || this.#kept.size >= MERCHANTS_KEPT) this.#kept.clear();
    this.#revision = revision;
    const known = this.#kept.get(merchantId);
    if (known) return { revision, versions: known };
    const versions = (await store.versionsFor(db, merchantId)).map(asVersion);
    // Reading waits outside of commands: a change may have come in between, and then this is not of the revision above.
    if (this.#revision === revision) this.#kept.set(merchantId, versions);
    return { revision, versions };
  }
}
