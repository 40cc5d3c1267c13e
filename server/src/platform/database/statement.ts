import { assert } from '@tessera/shared/result';
import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import { engineOf, type Engine } from './port.ts';
import type { Schema } from './schema.ts';

/** Stands in a compiled query where an argument goes. */
class Hole {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Runs compiled SQL on the driver itself; answers the rows that it returns, at once where the driver does. */
export type RunDirectly = (sql: string, parameters: readonly unknown[]) => unknown[] | Promise<unknown[]>;

const direct = new WeakMap<Kysely<Schema>, { readonly engine: Engine; readonly run: RunDirectly }>();

/**
 * Says that statements on this connection may go straight to its driver, past Kysely's executor, whose promises and frozen
 * copies cost several times what the database needs for the query. Only for a connection that the caller has for itself.
 */
export function speakDirectly(db: Kysely<Schema>, run: RunDirectly): void {
  direct.set(db, { engine: engineOf(db), run });
}

/**
 * A hot query that is built and compiled once and then only bound: building costs more than SQLite's own work.
 * Arguments may stand wherever Kysely takes a value; not in `limit`, and never to choose columns.
 * A constant `limit` is a literal (`sql.lit`): SQLite looks at a bound one while it plans, and plans anew at every call.
 * @example const slotOf = statement((db, p: { kioskId: string }) => db.selectFrom('kiosk_slots').selectAll().where('kiosk_id', '=', p.kioskId));
 *          const rows = await slotOf(tx.db, { kioskId });
 */
export function statement<Arguments extends object, Row>(
  build: (db: Kysely<Schema>, holes: Arguments) => Compilable<Row>,
): (db: Kysely<Schema>, values: Arguments) => Promise<Row[]> {
  // Engines differ in how they write an argument, and one process may speak to both.
  const known: Partial<Record<Engine, CompiledQuery<Row>>> = {};
  return async (db, values) => {
    const line = direct.get(db);
    const compiled = (known[line?.engine ?? engineOf(db)] ??= plannedOnce(build(db, holes as Arguments).compile()));
    const byName = values as Readonly<Record<string, unknown>>;
    const parameters = compiled.parameters.map((value) => (value instanceof Hole ? byName[value.name] : value));
    if (line) return line.run(compiled.sql, parameters) as Row[] | Promise<Row[]>;
    const { rows } = await db.executeQuery<Row>({ ...compiled, parameters });
    return rows;
  };
}

/** Refuses what SQLite would plan anew at every call: that costs many times what the query does. */
function plannedOnce<Row>(compiled: CompiledQuery<Row>): CompiledQuery<Row> {
  assert(!/ (limit|offset) [?$]/.test(compiled.sql), `a hot query has its limit as a literal: ${compiled.sql}`);
  return compiled;
}

const holes = new Proxy({}, { get: (_target, name) => new Hole(String(name)) });
