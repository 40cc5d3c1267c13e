import type { Chance } from '@tessera/shared/ports';
import { problem, type Problem, type ProblemCode } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Actor } from '../commands/actor.ts';
import type { Commands, Refused, Tx } from '../commands/commands.ts';
import type { Neighbours } from '../database/neighbours.ts';
import { statement } from '../database/statement.ts';
import { keyDigest, openAnswer, requestDigest, sealAnswer } from './sealing.ts';

/** Runs the one command of a request; see `RouteInput.command`. */
export type RunCommand = <T>(name: string, work: (tx: Tx) => Promise<Refused<T>>) => Promise<Refused<T>>;

export interface GuardedRequest {
  readonly actor: Actor;
  /** The caller's Idempotency-Key as sent. */
  readonly key: string;
  /** What makes two requests the same: method, path, checked parameters and body. */
  readonly request: unknown;
}

/** How long a stored answer is kept. */
const KEEP_MS = 30 * 24 * 3_600_000;

/** Refusals that say nothing about the request itself: the same key may succeed later. */
const PASSING = new Set<ProblemCode>(['overloaded', 'unavailable', 'in_flight', 'too_many_attempts', 'internal']);

const storedAnswer = statement((db, p: { principal: string; key: string; now: number }) =>
  db
    .selectFrom('idempotency')
    .select(['body_hash', 'answer'])
    .where('principal', '=', p.principal)
    .where('key', '=', p.key)
    .where('expires_at', '>', p.now),
);

/** An expired row may still stand there: the new answer takes its place. */
const storeAnswer = statement(
  (
    db,
    p: { principal: string; key: string; hash: string; status: number; answer: string; at: number; until: number },
  ) =>
    db
      .insertInto('idempotency')
      .values({
        principal: p.principal,
        key: p.key,
        body_hash: p.hash,
        status: p.status,
        answer: p.answer,
        created_at: p.at,
        expires_at: p.until,
      })
      .onConflict((conflict) =>
        conflict.columns(['principal', 'key']).doUpdateSet((eb) => ({
          body_hash: eb.ref('excluded.body_hash'),
          status: eb.ref('excluded.status'),
          answer: eb.ref('excluded.answer'),
          created_at: eb.ref('excluded.created_at'),
          expires_at: eb.ref('excluded.expires_at'),
        })),
      ),
);

const inFlight = () => err(problem('in_flight', { retryAfterMs: 1_000 }));

type Stored = { readonly value: unknown } | { readonly refusal: Problem };

/** Gives the same answer to the same request: the command has one effect, however often it is sent. */
export class Idempotency {
  readonly #commands: Commands;
  readonly #chance: Chance;
  readonly #neighbours: Neighbours;
  readonly #inFlight = new Set<string>();

  constructor(commands: Commands, chance: Chance, neighbours: Neighbours) {
    this.#commands = commands;
    this.#chance = chance;
    this.#neighbours = neighbours;
  }

  /**
   * Lets `handle` run its command under the request's key. A repeat gets the stored answer; the key with another request is
   * refused, as is a repeat while the first is still being worked on.
   */
  async guard<T>(request: GuardedRequest, handle: (command: RunCommand) => Promise<Refused<T>>): Promise<Refused<T>> {
    const mark = `${request.actor} ${request.key}`;
    if (this.#inFlight.has(mark)) return inFlight();
    this.#inFlight.add(mark);
    try {
      if (!(await this.#neighbours.take(mark))) return inFlight();
      try {
        return await handle((name, work) => this.#run(request, name, work));
      } finally {
        await this.#neighbours.drop(mark);
      }
    } finally {
      this.#inFlight.delete(mark);
    }
  }

  async #run<T>(request: GuardedRequest, name: string, work: (tx: Tx) => Promise<Refused<T>>): Promise<Refused<T>> {
    const hash = requestDigest(request.key, request.request);
    let repeated = false;
    return this.#commands.run<T>({
      name,
      actor: request.actor,
      work: async (tx) => {
        const stored = await this.#find(tx, request, hash);
        repeated = stored !== undefined;
        if (stored) return stored as Refused<T>;
        const result = await work(tx);
        if (result.ok) await this.#store(tx, request, hash, 200, { value: result.value });
        return result;
      },
      onRefusal: async (tx, refusal) => {
        if (!repeated && !PASSING.has(refusal.code)) await this.#store(tx, request, hash, refusal.status, { refusal });
      },
    });
  }

  async #find(tx: Tx, request: GuardedRequest, hash: string): Promise<Refused<unknown> | undefined> {
    const facts = { principal: request.actor, key: keyDigest(request.key), now: tx.at };
    const [row] = await storedAnswer(tx.db, facts);
    if (!row?.answer) return undefined;
    if (row.body_hash !== hash) return err(problem('idempotency_key_reused'));
    const stored = openAnswer(request.key, row.answer) as Stored;
    return 'refusal' in stored ? err(stored.refusal) : ok(stored.value);
  }

  async #store(tx: Tx, request: GuardedRequest, hash: string, status: number, stored: Stored): Promise<void> {
    await storeAnswer(tx.db, {
      principal: request.actor,
      key: keyDigest(request.key),
      hash,
      status,
      answer: sealAnswer(request.key, stored, this.#chance),
      at: tx.at,
      until: tx.at + KEEP_MS,
    });
  }
}

/** Forgets stored answers that have expired. */
export async function forgetExpiredAnswers(tx: Tx): Promise<void> {
  await tx.db.deleteFrom('idempotency').where('expires_at', '<=', tx.at).execute();
}
