import type { Db } from '../../platform/database/database.ts';
import type { RuleVersion } from './rules/rule.ts';
import { readDefinition } from './schemas.ts';
import * as store from './store.ts';

const MERCHANTS_KEPT = 10_000;

const NONE: readonly RuleVersion[] = [];

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
  async of(db: Db, merchantId: string): Promise<readonly RuleVersion[]> {
    const [row] = await store.revision(db, {});
    if (!row) return NONE;
    if (row.value !== this.#revision || this.#kept.size >= MERCHANTS_KEPT) this.#kept.clear();
    this.#revision = row.value;
    const known = this.#kept.get(merchantId);
    if (known) return known;
    const versions = (await store.versionsFor(db, merchantId)).map(asVersion);
    // Reading waits outside of commands: a change may have come in between, and then this is not of the revision above.
    if (this.#revision === row.value) this.#kept.set(merchantId, versions);
    return versions;
  }
}
