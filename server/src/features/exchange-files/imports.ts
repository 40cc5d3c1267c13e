import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Actor } from '../../platform/commands/actor.ts';
import type { Commands, Refused, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import type { TakeLine, Took } from './kinds.ts';
import type { ReadLine } from './lines.ts';
import type { ImportKind } from './names.ts';
import * as store from './store.ts';

/** Lines whose commands wait together: enough for full group commits, few enough that others are not kept waiting. */
const WAVE = 128;

/** Refusals that say nothing about a line: the rest of the lines is not tried, and the same lines are sent again. */
const PASSING: ReadonlySet<string> = new Set(['overloaded', 'unavailable']);

interface Counts {
  readonly lines: number;
  readonly taken: number;
  readonly repeated: number;
  readonly refused: readonly store.RefusalRow[];
}

export interface ImportParts {
  readonly commands: Commands;
  readonly chance: Chance;
  readonly audit: Audit;
  readonly takers: Record<ImportKind, TakeLine>;
}

/** Files of lines that come in piece by piece. Only the piece at hand is in memory. */
export class Imports {
  readonly #parts: ImportParts;

  constructor(parts: ImportParts) {
    this.#parts = parts;
  }

  /** Begins an import. */
  async begin(tx: Tx, order: { kind: ImportKind; name: string; dryRun: boolean }): Promise<store.ImportRow> {
    const row: store.ImportRow = {
      import_id: newUlid({ nowMs: () => tx.at }, this.#parts.chance),
      kind: order.kind,
      name: order.name,
      dry_run: order.dryRun ? 1 : 0,
      state: 'open',
      lines: 0,
      taken: 0,
      repeated: 0,
      refused: 0,
      started_by: tx.actor,
      started_at: tx.at,
      ended_at: null,
    };
    await store.insertImport(tx.db, row);
    const { kind, name } = order;
    await this.#parts.audit.write(tx, 'import.begun', `import:${row.import_id}`, { kind, name, dryRun: order.dryRun });
    return row;
  }

  /**
   * Takes the next lines. Each is a command of its own; then the import's row moves on. A piece that is sent again, because its
   * answer was lost, changes nothing: where the server had died in between its lines are told as repeated.
   * @param from the number of its first line, from 1
   */
  async take(
    db: Db,
    actor: Actor,
    piece: { importId: string; from: number; lines: readonly ReadLine[] },
  ): Promise<Refused<store.ImportRow>> {
    const row = await store.importById(db, piece.importId);
    if (!row) return err(problem('not_found'));
    if (piece.from <= row.lines) return ok(row);
    if (row.state === 'ended' || piece.from > row.lines + 1) {
      return err(problem('conflict', { facts: { state: row.state, next: row.lines + 1 } }));
    }
    const counts = await this.#takeAll(row, actor, piece);
    if (!counts.ok) return counts;
    return this.#parts.commands.run({
      name: 'imports.move',
      actor,
      work: (tx) => this.#move(tx, row, counts.value),
    });
  }

  /** Ends an import; a repeat is fine. */
  async end(tx: Tx, importId: string): Promise<Refused<store.ImportRow>> {
    const ended = await store.endImport(tx.db, importId, tx.at);
    if (!ended) {
      const row = await store.importById(tx.db, importId);
      return row ? ok(row) : err(problem('not_found'));
    }
    const { lines, taken, repeated, refused } = ended;
    await this.#parts.audit.write(tx, 'import.ended', `import:${importId}`, { lines, taken, repeated, refused });
    return ok(ended);
  }

  async #takeAll(
    row: store.ImportRow,
    actor: Actor,
    { from, lines }: { from: number; lines: readonly ReadLine[] },
  ): Promise<Refused<Counts>> {
    const taker = this.#parts.takers[row.kind as ImportKind];
    let [taken, repeated] = [0, 0];
    const refused: store.RefusalRow[] = [];
    for (let start = 0; start < lines.length; start += WAVE) {
      const wave = lines.slice(start, start + WAVE);
      const results = await Promise.all(wave.map((line) => this.#takeOne(taker, actor, line, row.dry_run === 1)));
      for (const [index, result] of results.entries()) {
        if (result.ok && result.value.repeated) repeated += 1;
        else if (result.ok) taken += 1;
        else if (PASSING.has(result.error.code)) return result;
        else refused.push(refusalOf(row.import_id, from + start + index, result.error));
      }
    }
    return ok({ lines: lines.length, taken, repeated, refused });
  }

  async #takeOne(taker: TakeLine, actor: Actor, line: ReadLine, dryRun: boolean): Promise<Refused<Took>> {
    if (!line.ok) return line;
    let tried: Refused<Took> | undefined;
    const done = await this.#parts.commands.run<Took>({
      name: 'imports.line',
      actor,
      work: async (tx) => {
        tried = await taker(tx, line.value);
        // A dry run does all of it, and is undone as whatever is refused.
        return dryRun ? err(problem('not_now')) : tried;
      },
    });
    return dryRun && tried && !done.ok && done.error.code === 'not_now' ? tried : done;
  }

  async #move(tx: Tx, row: store.ImportRow, counts: Counts): Promise<Refused<store.ImportRow>> {
    const { lines, taken, repeated, refused } = counts;
    const moved = await store.moveImport(tx.db, row, { lines, taken, repeated, refused: refused.length });
    if (!moved) {
      const now = await store.importById(tx.db, row.import_id);
      return now && now.lines > row.lines ? ok(now) : err(problem('conflict'));
    }
    for (const refusal of refused) await store.insertRefusal(tx.db, refusal);
    return ok(moved);
  }
}

const refusalOf = (importId: string, line: number, refusal: Problem): store.RefusalRow => ({
  import_id: importId,
  line,
  code: refusal.code,
  problem: JSON.stringify(refusal),
});
