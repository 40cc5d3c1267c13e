import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { noFailpoints, type Clock } from '@tessera/shared/ports';
import { buildServer, type Server } from '@tessera/server/app';
import { storeToken } from '@tessera/server/platform/auth/token-store';
import { newToken } from '@tessera/server/platform/auth/tokens';
import type { Schema } from '@tessera/server/platform/database/schema';
import type { PasswordHasher } from '@tessera/server/platform/crypto/hasher';
import { createLogger, silentLog } from '@tessera/server/platform/events/log';
import type { HttpLimits } from '@tessera/server/platform/http/app';
import { mailboxOnly, type Mailer } from '@tessera/server/platform/messaging/mailer';
import { createMetrics, type Metrics } from '@tessera/server/platform/metrics/metrics';
import { ok } from '@tessera/shared/result';
import { freshDatabase } from './engine.ts';

/** A hasher that costs nothing, for tests that are not about hashing. */
export const plainHasher: PasswordHasher = {
  hash: (secret) => Promise.resolve(createHash('sha256').update(secret).digest('hex')),
  verify: (hashed, secret) => Promise.resolve(createHash('sha256').update(secret).digest('hex') === hashed),
};

/** A clock that stands still until it is told. */
export class HandClock implements Clock {
  #nowMs = Date.UTC(2026, 0, 1, 12);
  nowMs(): number {
    return this.#nowMs;
  }
  monotonicMs(): number {
    return this.#nowMs;
  }
  pass(ms: number): void {
    this.#nowMs += ms;
  }
}

/** Every field that a test reads of some answer. Which of them an answer has is what the test states. */
export interface Body {
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly items: readonly Body[];
  readonly nextCursor: string | null;
  readonly postings: readonly unknown[];
  readonly state: string;
  readonly token: string;
  readonly text: string;
  readonly picture: string;
  readonly subject: string;
  readonly body: string;
  readonly to: string;
  readonly id: string;
  readonly applicationId: string;
  readonly branchId: string;
  readonly cardNumber: string;
  readonly contactId: string;
  readonly credentialId: string;
  readonly industryId: string;
  readonly memberId: string;
  readonly merchantId: string;
  readonly rewardId: string;
  readonly terminalId: string;
  readonly kioskId: string;
  readonly enrolmentCode: string;
  readonly redemptionId: string;
  readonly resolutionId: string;
  readonly discrepancyId: string;
  readonly proposalId: string;
  readonly runId: string;
  readonly disputeId: string;
  readonly verdict: string;
  readonly ending: string | null;
  readonly event: string;
  readonly onHand: number;
  readonly inService: boolean;
  readonly events: readonly Body[];
  readonly checks: readonly unknown[];
  readonly ok: boolean;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  /** The answer as it came. */
  readonly text: string;
}

export interface Ask {
  readonly token?: string;
  readonly body?: unknown;
  /** A fresh key unless told; null sends none. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RunningServer {
  readonly url: string;
  readonly server: Server;
  readonly clock: HandClock;
  readonly metrics: Metrics;
  /** A token of the operator, who may do what an admin may. */
  readonly operator: string;
  ask(method: string, path: string, ask?: Ask): Promise<Reply>;
  /** Asks, expects a success and gives its body. */
  must(method: string, path: string, ask?: Ask): Promise<Body>;
  /** Every row of every table, as text; a refused request leaves it as it was. */
  dump(...without: string[]): Promise<string>;
  /** Ends, and leaves its database behind until `stop`. Gives the database's address. */
  rest(): Promise<string>;
  stop(): Promise<void>;
}

/** A real server: real database, real HTTP; only clock and hasher are ours. */
export async function runServer(
  parts: { mailer?: Mailer; hasher?: PasswordHasher; limits?: Partial<HttpLimits> } = {},
): Promise<RunningServer> {
  const database = await freshDatabase();
  const clock = new HandClock();
  const metrics = createMetrics();
  const server = await buildServer({
    databaseAddress: database.address,
    clock,
    scheduler: {
      after: (delayMs, run) => {
        const timer = setTimeout(run, delayMs);
        return () => {
          clearTimeout(timer);
        };
      },
    },
    chance: { bytes: (count) => randomBytes(count) },
    failpoints: noFailpoints,
    defer: (run) => {
      setImmediate(run);
    },
    fatal: (cause) => {
      throw new Error('fatal', { cause });
    },
    hasher: parts.hasher ?? plainHasher,
    mailer: parts.mailer ?? mailboxOnly,
    metrics,
    log: silentLog,
    help: 'Ask at the counter.',
  });
  const http = createServer(
    server.http({
      logger: createLogger({ write: () => undefined }, 'silent'),
      allowedOrigins: [],
      trustedProxies: 0,
      ...(parts.limits ? { limits: parts.limits } : {}),
      demo: true,
      tokensCss: ':root{}',
    }),
  );
  server.attachSockets(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`;
  const operator = await tokenOfOperator(server);
  const ask = asker(url);
  server.start();
  let rested: Promise<string> | undefined;
  const end = async (): Promise<string> => {
    server.disconnect();
    http.closeAllConnections();
    await new Promise<void>((resolve) => {
      http.close(() => {
        resolve();
      });
    });
    await server.close();
    return database.address;
  };
  const rest = (): Promise<string> => (rested ??= end());
  return {
    url,
    server,
    clock,
    metrics,
    operator,
    ask,
    must: async (method, path, request) => {
      const reply = await ask(method, path, request);
      if (reply.status >= 300)
        throw new Error(`${method} ${path}: ${String(reply.status)} ${JSON.stringify(reply.body)}`);
      return reply.body;
    },
    dump: (...without) => dumpOf(server, without),
    rest,
    stop: async () => {
      await rest();
      await database.remove();
    },
  };
}

async function tokenOfOperator(server: Server): Promise<string> {
  const { commands, chance } = server.foundation;
  const token = newToken('tso', chance);
  const stored = await commands.run({
    name: 'test',
    actor: 'cli',
    work: async (tx) => {
      await storeToken(tx, token, { kind: 'admin', id: 'operator', expiresAt: null });
      return ok(null);
    },
  });
  if (!stored.ok) throw new Error(stored.error.code);
  return token;
}

const asker =
  (url: string) =>
  async (method: string, path: string, { token, body, key, headers = {} }: Ask = {}): Promise<Reply> => {
    const isBytes = typeof body === 'string' || body instanceof Uint8Array;
    const content = isBytes ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body);
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(method === 'GET' || key === null ? {} : { 'idempotency-key': key ?? randomUUID() }),
        ...(body === undefined || isBytes ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: content }),
    });
    const text = await response.text();
    const isJson = /\bjson/.test(response.headers.get('content-type') ?? '');
    const parsed = (isJson ? JSON.parse(text) : {}) as Body;
    return { status: response.status, headers: response.headers, body: parsed, text };
  };

async function dumpOf(server: Server, without: readonly string[]): Promise<string> {
  const { db } = server.foundation.database;
  const parts: string[] = [];
  for (const { name } of await db.introspection.getTables()) {
    // That a batch was committed changes nothing for anybody.
    if (without.includes(name) || name === 'writers') continue;
    const rows = await db
      .selectFrom(name as keyof Schema)
      .selectAll()
      .execute();
    const lines = rows.map((row) => JSON.stringify(row));
    parts.push([name, ...lines.sort()].join('\n'));
  }
  return parts.join('\n');
}
