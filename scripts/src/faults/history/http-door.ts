import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { problemSchema } from '@tessera/shared/problem';
import * as z from 'zod/mini';
import type { SeededChance } from '../../simulate/seeded-chance.ts';
import type { Call } from './calls.ts';
import type { Facts } from './checker.ts';
import type { Recorder } from './recorder.ts';

/** Refusals that say nothing of the call: it had no effect and is sent again. */
const passing = new Set(['in_flight', 'overloaded', 'unavailable', 'too_many_attempts']);

const PATIENCE_MS = 30_000;
const RETRY_MS = 15;
const CUT_CHANCE = 0.04;
/** A cut call is mostly sent again with its key; sometimes its caller walks away and never knows. */
const WALK_AWAY_CHANCE = 0.1;
const REPEAT_CHANCE = 0.05;

type Heard = { readonly status: number; readonly body: unknown };

/** What all callers of one run share. */
export type Scene = {
  readonly url: string;
  readonly recorder: Recorder;
  /** What must be told when the server has died: calls that were lost can have no effect any more. */
  readonly loose: Set<() => void>;
  /** Anything that is wrong beyond what the histories show. */
  readonly faults: string[];
  stopped(): boolean;
};

/** A caller over HTTP whose connections break now and then. */
export class HttpDoor {
  readonly #scene: Scene;
  readonly #token: string;
  readonly #chance: SeededChance;

  constructor(scene: Scene, token: string, chance: SeededChance) {
    this.#scene = scene;
    this.#token = token;
    this.#chance = chance;
  }

  /** Writes until it is answered, under one Idempotency-Key. */
  async write(call: Call, path: string, body: object): Promise<void> {
    const { recorder, loose, faults } = this.#scene;
    const key = randomUUID();
    const begun = recorder.begin(call);
    const give = performance.now() + PATIENCE_MS;
    while (performance.now() < give) {
      const cut = this.#chance.happens(CUT_CHANCE);
      const heard = await this.#send('POST', path, { key, body, cut });
      if (heard === undefined && cut && this.#chance.happens(WALK_AWAY_CHANCE)) break;
      const code = heard && codeOf(heard);
      if (heard === undefined || (code !== undefined && passing.has(code))) {
        await sleep(RETRY_MS);
        continue;
      }
      if (heard.status >= 500) faults.push(`${path} answered ${JSON.stringify(heard)}`);
      const facts = code === undefined ? factsOf(heard.body) : factsOf((heard.body as { facts?: unknown }).facts);
      recorder.end(begun, code === undefined ? { kind: 'ok', facts } : { kind: 'refused', code, facts });
      if (this.#chance.happens(REPEAT_CHANCE)) await this.#repeat(path, { key, body }, heard);
      return;
    }
    loose.add(recorder.lose(begun));
  }

  /** Reads once; undefined where nobody answered. `record` tells what was seen of what. */
  async read<T>(path: string, schema: z.ZodMiniType<T>): Promise<T | undefined> {
    const heard = await this.#send('GET', path, { cut: false });
    return heard?.status === 200 ? z.parse(schema, heard.body) : undefined;
  }

  /** The same key and body must have the same answer for ever. */
  async #repeat(path: string, request: { key: string; body: object }, first: Heard): Promise<void> {
    const again = await this.#send('POST', path, { ...request, cut: false });
    if (again === undefined || passing.has(codeOf(again) ?? '')) return;
    const [one, two] = [first, again].map((each) => JSON.stringify(each));
    if (one !== two) this.#scene.faults.push(`${path} answered ${String(one)}, then for the same key ${String(two)}`);
  }

  async #send(
    method: string,
    path: string,
    { key, body, cut }: { key?: string; body?: object; cut: boolean },
  ): Promise<Heard | undefined> {
    const scissors = new AbortController();
    const timer = cut ? setTimeout(() => scissors.abort(), this.#chance.integer(8)) : undefined;
    try {
      const response = await fetch(`${this.#scene.url}${path}`, {
        method,
        signal: scissors.signal,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}

function codeOf({ status, body }: Heard): string | undefined {
  if (status < 300) return undefined;
  const refusal = z.safeParse(problemSchema, body);
  return refusal.success ? refusal.data.code : `status ${String(status)}`;
}

/** The plain facts of an answer, under their names. */
export function factsOf(body: unknown): Facts {
  if (typeof body !== 'object' || body === null) return {};
  const plain = z.union([z.string(), z.number(), z.boolean(), z.null()]);
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      const fact = z.safeParse(plain, value);
      return fact.success ? [[name, fact.data] as const] : [];
    }),
  );
}
