import { createHash } from 'node:crypto';
import type { Db } from '../database/database.ts';
import type { Selectable } from 'kysely';
import type { AuditTable } from '../database/schema/platform.ts';
import { statement } from '../database/statement.ts';

/** What the first line is chained to. */
const GENESIS = '0'.repeat(64);

type Line = Selectable<AuditTable>;

/** The hash of a line: SHA-256 over the hash before and every column, each on its own line (JSON has no line feeds). */
export function lineHash(previous: string, line: Omit<Line, 'prev_hash' | 'hash'>): string {
  const text = [previous, line.seq, line.at, line.actor, line.action, line.subject, line.facts].join('\n');
  return createHash('sha256').update(text).digest('hex');
}

const unsealed = statement((db, _: object) =>
  db.selectFrom('audit').selectAll().where('hash', 'is', null).orderBy('seq'),
);
const lastSealed = statement((db, p: { before: number }) =>
  db.selectFrom('audit').select('hash').where('seq', '<', p.before).orderBy('seq', 'desc').limit(1),
);
const seal = statement((db, p: { seq: number; previous: string; hash: string }) =>
  db
    .updateTable('audit')
    .set({ prev_hash: p.previous, hash: p.hash })
    .where('seq', '=', p.seq)
    .where('hash', 'is', null),
);

/** Chains the lines that this transaction added. Runs before each COMMIT: one writer, so the order is settled. */
export async function sealAudit(db: Db): Promise<void> {
  const lines = await unsealed(db, {});
  const [first] = lines;
  if (!first) return;
  let previous = (await lastSealed(db, { before: first.seq }))[0]?.hash ?? GENESIS;
  for (const line of lines) {
    const hash = lineHash(previous, line);
    await seal(db, { seq: line.seq, previous, hash });
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
      previous = line.hash ?? '';
      lastSeq = line.seq;
    }
  }
}
