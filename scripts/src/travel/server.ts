import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildServer, type Server } from '@tessera/server/app';
import { storeToken } from '@tessera/server/platform/auth/token-store';
import { newToken } from '@tessera/server/platform/auth/tokens';
import { nextTurn } from '@tessera/server/platform/clock/system';
import { createLogger } from '@tessera/server/platform/events/log';
import { mailboxOnly } from '@tessera/server/platform/messaging/mailer';
import { silentMetrics } from '@tessera/server/platform/metrics/metrics';
import { noFailpoints } from '@tessera/shared/ports';
import { ok } from '@tessera/shared/result';
import { plainHasher } from '../simulate/plain-hasher.ts';
import type { SeededChance } from '../simulate/seeded-chance.ts';
import type { TravelClock } from './clock.ts';
import { Broken } from './desk.ts';

/** A real server with a clock of the traveller's. */
export interface Opened {
  readonly server: Server;
  readonly url: string;
  /** A token of the operator. */
  readonly operator: string;
  /** What the server says that it never should. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Nobody here is in a hurry, and nobody floods. */
const LIMITS = { known: { perSecond: 1e6, burst: 1e6 }, unknown: { perSecond: 1e6, burst: 1e6 } };

/** Opens the server on a database of its own and lets it listen on this machine; its jobs wait for whoever runs them. */
export async function openServer(address: string, time: TravelClock, chance: SeededChance): Promise<Opened> {
  const complaints: string[] = [];
  const server = await buildServer({
    databaseAddress: address,
    clock: time,
    scheduler: time,
    chance,
    failpoints: noFailpoints,
    defer: nextTurn,
    fatal: (cause) => {
      throw new Broken('The server ended itself', { cause });
    },
    hasher: plainHasher,
    mailer: mailboxOnly,
    metrics: silentMetrics,
    log: {
      event: (name, facts) => {
        if (name.endsWith('.bug') || name === 'job.failed') complaints.push(`${name} ${JSON.stringify(facts)}`);
      },
    },
    help: 'Ask at the counter.',
  });
  const http = createServer(
    server.http({
      logger: createLogger({ write: () => undefined }, 'silent'),
      allowedOrigins: [],
      trustedProxies: 0,
      demo: false,
      tokensCss: '',
      limits: LIMITS,
    }),
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    server,
    url: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`,
    operator: await operatorOf(server, chance),
    complaints,
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      server.disconnect();
      await server.close();
    },
  };
}

async function operatorOf({ foundation }: Server, chance: SeededChance): Promise<string> {
  const token = newToken('tso', chance);
  const stored = await foundation.commands.run({
    name: 'travel',
    actor: 'cli',
    work: async (tx) => {
      await storeToken(tx, token, { kind: 'admin', id: 'operator', expiresAt: null });
      return ok(null);
    },
  });
  if (!stored.ok) throw new Broken(stored.error.code);
  return token;
}
