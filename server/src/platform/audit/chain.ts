import { sql } from 'kysely';
import { createHash } from 'node:crypto';
import type { Db } from '../database/database.ts';
import type { AuditLine } from './line.ts';
import { statement } from '../database/statement.ts';

/** What the first line is chained to. */
const GENESIS = '0'.repeat(64);

type Line = AuditLine & { readonly seq: number; readonly prev_hash: string; readonly hash: string };

/** The hash of a line: SHA-256 over the hash before and every column, each on its own line (JSON has no line feeds). */
function lineHash(previous: string, line: Omit<Line, 'prev_hash' | 'hash'>): string {
  const text = [previous, line.seq, line.at, line.actor, line.action, line.subject, line.facts].join('\n');
  return createHash('sha256').update(text).digest('hex');
}

const lastSealed = statement((db, _: object) =>
  db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(sql.lit(1)),
);
const insert = statement((db, p: Line) =>
  db.insertInto('audit').values({
    seq: p.seq,
    at: p.at,
    actor: p.actor,
    action: p.action,
    subject: p.subject,
    facts: p.facts,
    prev_hash: p.prev_hash,
    hash: p.hash,
  }),
);

/** Chains the lines of a batch to what is stored. Runs just before each COMMIT: one writer, so the order is settled. */
export async function sealAudit(db: Db, lines: readonly AuditLine[]): Promise<void> {
  const [last] = await lastSealed(db, {});
  let seq = last?.seq ?? 0;
  let previous = last?.hash ?? GENESIS;
  for (const line of lines) {
    seq += 1;
    const hash = lineHash(previous, { seq, ...line });
    await insert(db, { seq, ...line, prev_hash: previous, hash });
    previous = hash;
  }
}

/** Reads the chain from its first line to its last; returns the lines that do not fit. */
export async function brokenAuditLines(db: Db): Promise<{ seq: number; what: string }[]> {
  const broken: { seq: number; what: string }[] = [];
  let previous = GENESIS;
  let lastSeq = 0;
  for (;;) {
    const lines = await db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', lastSeq)
      .orderBy('seq')
      .limit(1000)
      .execute();
    if (lines.length === 0) return broken;
    for (const line of lines) {
      if (line.prev_hash !== previous) broken.push({ seq: line.seq, what: 'does not follow the line before it' });
      else if (line.hash !== lineHash(previous, line))
        broken.push({ seq: line.seq, what: 'was changed after it was sealed' });
      previous = line.hash;
      lastSeq = line.seq;
    }
  }
}
