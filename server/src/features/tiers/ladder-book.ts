import type { Localised } from '@tessera/shared/ids/schemas';
import type { Db } from '../../platform/database/database.ts';
import { ruleRevision } from '../../platform/database/rule-revision.ts';
import { inForce, type Ladder, type Tier } from './rules/ladder.ts';
import * as store from './store.ts';

/** A ladder as it is stored: its tiers have names. */
export interface NamedLadder extends Ladder {
  readonly createdAt: number;
  readonly createdBy: string;
  readonly tiers: readonly (Tier & { readonly name: Localised })[];
}

const NONE: readonly NamedLadder[] = [];

/**
 * The versions of the ladder, read once. What is kept belongs to one revision, which every reader asks for: another process
 * that has published one is seen by the next sale. Revisions are never used twice, so an undone change leaves nothing behind.
 */
export class LadderBook {
  #kept: { readonly revision: string; readonly ladders: readonly NamedLadder[] } = { revision: '', ladders: NONE };

  /** Every version, the oldest first. @param revision that of the rules, as this command reads it; '' before the first rule */
  async of(db: Db, revision: string): Promise<readonly NamedLadder[]> {
    if (revision === this.#kept.revision) return this.#kept.ladders;
    const ladders = await readLadders(db);
    this.#kept = { revision, ladders };
    return ladders;
  }

  /** The version in force at a moment, for whoever has not read the revision yet. */
  async inForce(db: Db, at: number): Promise<NamedLadder | undefined> {
    const [row] = await ruleRevision(db, {});
    return inForce(await this.of(db, row?.value ?? ''), at);
  }
}

/** Every version with its tiers, the oldest first. */
export async function readLadders(db: Db): Promise<NamedLadder[]> {
  const rows = await store.allLadders(db);
  const tiers = rows.length === 0 ? [] : await store.allTiers(db);
  return rows.map((row) => ({
    version: row.version,
    timeZone: row.time_zone,
    span: row.span_days === null ? { kind: 'year' } : { kind: 'days', days: row.span_days },
    graceDays: row.grace_days,
    startsAt: row.starts_at,
    createdAt: row.created_at,
    createdBy: row.created_by,
    tiers: tiers
      .filter((tier) => tier.version === row.version)
      .map(({ code, name, points, member_days }) => ({
        code,
        name: JSON.parse(name) as Localised,
        points,
        memberDays: member_days,
      })),
  }));
}
