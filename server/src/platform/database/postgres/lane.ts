import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
} from 'kysely';
import type { Client, QueryResult } from 'pg';
import type { Db } from '../port.ts';
import type { Schema } from '../schema.ts';
import { speakDirectly } from '../statement.ts';

/** A statement that gives no rows: nobody looks at its answer, only at its failure. */
const isSilent = (text: string): boolean =>
  /^(insert|update|delete|savepoint|release|rollback|begin|set|select pg_(notify|advisory_xact_lock))\b/i.test(text) &&
  !/\breturning\b/i.test(text);

/**
 * One connection with one user. Hot statements are prepared once by name. In a pipeline their answers are not waited for where
 * nobody reads them: the next statement that is read brings all of them with it, in one trip instead of many.
 */
export class Lane {
  readonly db: Db;
  readonly #client: Client;
  readonly #names = new Map<string, string>();
  #waitsForAll = true;
  #unsettled: Promise<unknown>[] = [];
  #late: Error | undefined;
  #lost = false;

  constructor(client: Client) {
    this.#client = client;
    const lose = (): void => {
      this.#lost = true;
    };
    client.on('error', lose);
    client.on('end', lose);
    const driver = new OneConnection((query) => this.#cold(query));
    this.db = new Kysely<Schema>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => driver,
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    });
    speakDirectly(this.db, (text, values) => this.hot(text, values));
  }

  /** True where the connection has ended. */
  get lost(): boolean {
    return this.#lost;
  }

  /** What a statement failed with that nobody waited for. */
  get late(): Error | undefined {
    return this.#late;
  }

  /** Begins afresh. `waitsForAll`: every answer is waited for, so that a failure is known where it happens. */
  begin(waitsForAll: boolean): void {
    this.#waitsForAll = waitsForAll;
    this.#late = undefined;
    this.#unsettled = [];
  }

  /** Runs a statement that comes again and again. */
  async hot(text: string, values: readonly unknown[] = []): Promise<unknown[]> {
    const answer = this.#client.query({ name: this.#nameOf(text), text, values: [...values] });
    return this.#answered(text, answer);
  }

  /** Waits for the answers that nobody has waited for. @throws what the first of them failed with */
  async settled(): Promise<void> {
    const unsettled = this.#unsettled;
    this.#unsettled = [];
    await Promise.all(unsettled);
    if (this.#late !== undefined) throw this.#late;
  }

  /** Runs a statement and answers what it was to the server: `COMMIT`, or `ROLLBACK` where the transaction had failed. */
  async tagOf(text: string): Promise<string> {
    return (await this.#client.query(text)).command;
  }

  /** Ends the connection; never waits for a server that does not answer. */
  end(): void {
    this.#lost = true;
    void this.#client.end().catch(() => undefined);
  }

  async #answered(text: string, answer: Promise<QueryResult>): Promise<unknown[]> {
    if (this.#waitsForAll || !isSilent(text)) return (await answer).rows as unknown[];
    this.#unsettled.push(
      answer.catch((cause: unknown) => {
        this.#late ??= cause instanceof Error ? cause : new Error(String(cause));
      }),
    );
    return [];
  }

  #cold(query: CompiledQuery): Promise<QueryResult> {
    return this.#client.query({ text: query.sql, values: [...query.parameters] });
  }

  #nameOf(text: string): string {
    let name = this.#names.get(text);
    if (name === undefined) {
      name = `t${String(this.#names.size)}`;
      this.#names.set(text, name);
    }
    return name;
  }
}

/** Kysely's way to a connection that needs no finding. */
class OneConnection implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(run: (query: CompiledQuery) => Promise<QueryResult>) {
    this.#connection = {
      executeQuery: async (query) => {
        const { rows, rowCount } = await run(query);
        return { rows: rows as never[], numAffectedRows: BigInt(rowCount ?? 0) };
      },
      // Kysely asks for a generator; nothing of ours streams.
      async *streamQuery() {
        await Promise.reject(new Error('Nothing streams here'));
      },
    };
  }

  init = (): Promise<void> => Promise.resolve();
  acquireConnection = (): Promise<DatabaseConnection> => Promise.resolve(this.#connection);
  beginTransaction = (): Promise<void> => Promise.reject(new Error('The batch is the transaction'));
  commitTransaction = this.beginTransaction;
  rollbackTransaction = this.beginTransaction;
  releaseConnection = this.init;
  destroy = this.init;
}
