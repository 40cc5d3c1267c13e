import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { armFailpoints, type Cancel } from '@tessera/shared/ports';
import { ok } from '@tessera/shared/result';
import { destination } from 'pino';
import { buildServer, type Server } from './app.ts';
import { isLiveToken, revokeTokensOf, storeToken } from './platform/auth/token-store.ts';
import { OPERATOR_ID } from './platform/auth/principal.ts';
import { newToken, tokenHash } from './platform/auth/tokens.ts';
import { nextTurn, systemChance, systemClock, systemScheduler } from './platform/clock/system.ts';
import { movedMark } from './platform/database/moved.ts';
import { ownAlone } from './platform/database/owner.ts';
import { readAddresses, shown } from './platform/database/postgres/addresses.ts';
import { isPassing } from './platform/database/postgres/failures.ts';
import { readSettings, type Settings } from './platform/config/settings.ts';
import { argon2Hasher } from './platform/crypto/hasher.ts';
import { createLogger, logOf, type Log } from './platform/events/log.ts';
import { mailboxOnly, type Mailer } from './platform/messaging/mailer.ts';
import { createSmtpMailer } from './platform/messaging/smtp-mailer.ts';
import { createMetrics } from './platform/metrics/metrics.ts';

export interface ServeOptions {
  /** The root of all data; the server keeps its own in `server/` below it. */
  readonly dataDir: string;
  readonly port: number;
  readonly host: string;
  /** Opens the doors that only a demo may have. */
  readonly demo: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the process at once, as a crash would: for armed failpoints and for a COMMIT that failed. */
  readonly die: () => void;
}

export interface Serving {
  readonly url: string;
  /** Closes the doors, finishes the work at hand, closes the database. */
  stop(): Promise<void>;
}

const ADMIN_DIRECTORY = fileURLToPath(new URL('../web/dist', import.meta.url));
const TOKENS_CSS = fileURLToPath(new URL('../../shared/src/design/tokens.css', import.meta.url));
/** Between two requests of one connection; longer than the kiosks' and browsers' own pauses. */
const KEEP_ALIVE_MS = 65_000;
const REQUEST_MS = 30_000;
/** While it stops. */
const SWEEP_MS = 50;

/**
 * Runs a server on real files, clock and network; resolves when it listens.
 * @throws DataInUse where another server runs on this data
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const directory = join(options.dataDir, 'server');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const letGo = ownAlone(join(directory, 'server.lock'));
  try {
    const serving = await serveAlone(options, directory);
    return { url: serving.url, stop: () => serving.stop().finally(letGo) };
  } catch (error) {
    letGo();
    throw error;
  }
}

async function serveAlone(options: ServeOptions, directory: string): Promise<Serving> {
  const settings = readSettings(options.env);
  const moved = settings.databaseUrl === undefined ? movedMark(directory) : undefined;
  if (moved !== undefined) throw noDatabase(`These books have moved to PostgreSQL (${moved}). Set DATABASE_URL.`);
  const logger = createLogger(destination({ dest: 2, sync: true }), settings.logLevel);
  const log = logOf(logger);
  const mailer = settings.smtp ? createSmtpMailer(settings.smtp) : mailboxOnly;
  const server = await buildServer(worldOf(options, settings, { directory, log, mailer })).catch(explained(settings));
  const token = await operatorToken(server, join(directory, 'operator.token'));
  const http = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS },
    server.http({
      logger,
      allowedOrigins: settings.allowedOrigins,
      trustedProxies: settings.trustedProxies,
      demo: options.demo,
      tokensCss: readFileSync(TOKENS_CSS, 'utf8'),
      ...(existsSync(ADMIN_DIRECTORY) ? { adminDirectory: ADMIN_DIRECTORY } : {}),
    }),
  );
  server.attachSockets(http);
  try {
    await listen(http, options);
  } catch (error) {
    await server.close();
    throw error;
  }
  const url = urlOf(http, options.host);
  writePrivately(join(directory, 'operator.token'), token);
  writeFileSync(join(directory, 'server.json'), JSON.stringify({ port: portOf(http), url, pid: process.pid }));
  server.start();
  log.event('server.started', { url, demo: options.demo });
  return { url, stop: () => stop(server, http, log, join(directory, 'server.json')) };
}

/** PostgreSQL that cannot be reached is the operator's to mend: a sentence, without the password. */
const explained =
  ({ databaseUrl }: Settings) =>
  (cause: unknown): never => {
    if (databaseUrl === undefined || !isPassing(cause)) throw cause;
    const where = readAddresses(databaseUrl).map(shown).join(', ');
    const why = cause instanceof Error ? cause.message : String(cause);
    throw noDatabase(`PostgreSQL does not take us in at ${where}: ${why}`);
  };

const noDatabase = (sentence: string): Error => Object.assign(new Error(sentence), { code: 'TESSERA_NO_DATABASE' });

function worldOf(
  options: ServeOptions,
  settings: Settings,
  parts: { directory: string; log: Log; mailer: Mailer },
): Parameters<typeof buildServer>[0] {
  return {
    databaseAddress: settings.databaseUrl ?? join(parts.directory, 'tessera.db'),
    clock: systemClock,
    scheduler: systemScheduler,
    chance: systemChance,
    defer: nextTurn,
    failpoints: armFailpoints(settings.failpoints, options.die),
    fatal: (cause) => {
      parts.log.event('server.fatal', { cause: cause instanceof Error ? cause.stack : String(cause) });
      options.die();
    },
    hasher: argon2Hasher,
    mailer: parts.mailer,
    metrics: createMetrics(),
    log: parts.log,
    help: settings.help,
  };
}

/**
 * The token of the local command line: whoever may read the file may act. A token that still works is kept, so that
 * scripts outlive a restart; otherwise a new one replaces all older ones (of a database that is ours alone).
 */
async function operatorToken(server: Server, file: string): Promise<string> {
  const { database, commands, clock, chance } = server.foundation;
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (known !== '' && (await isLiveToken(database.db, tokenHash(known), clock.nowMs()))) return known;
  const token = newToken('tso', chance);
  const stored = await commands.run({
    name: 'operator.token',
    actor: 'cli',
    work: async (tx) => {
      // Servers that share a database have a token each, below the data folder of each.
      if (database.engine === 'sqlite') await revokeTokensOf(tx, 'admin', OPERATOR_ID);
      await storeToken(tx, token, { kind: 'admin', id: OPERATOR_ID, expiresAt: null });
      return ok(null);
    },
  });
  if (!stored.ok) throw new Error(`The operator's token could not be stored: ${stored.error.code}`);
  return token;
}

function writePrivately(file: string, text: string): void {
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}

const listen = (http: HttpServer, { port, host }: ServeOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });

const portOf = (http: HttpServer): number => (http.address() as AddressInfo).port;

function urlOf(http: HttpServer, host: string): string {
  const named = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${named.includes(':') ? `[${named}]` : named}:${String(portOf(http))}`;
}

async function stop(server: Server, http: HttpServer, log: Log, addressFile: string): Promise<void> {
  log.event('server.stopping');
  const closed = new Promise<void>((resolve) => {
    http.close(() => {
      resolve();
    });
  });
  server.disconnect();
  let cancel: Cancel = () => undefined;
  // A connection whose last request is still in hand becomes idle when it is answered, and would stay open.
  const sweep = (): void => {
    http.closeIdleConnections();
    cancel = systemScheduler.after(SWEEP_MS, sweep);
  };
  sweep();
  await closed;
  cancel();
  await server.close();
  rmSync(addressFile, { force: true });
  log.event('server.stopped');
}
