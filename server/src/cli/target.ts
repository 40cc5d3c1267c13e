import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import type { Target } from '../client/api.ts';

/** What the options and the environment say about the server. */
export type TargetHints = {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  readonly data?: string | undefined;
};

const serverFileSchema = z.object({ url: z.string(), pid: z.number().optional() });

/** The PostgreSQL that the environment names, as the server reads it; undefined for SQLite below DATA. */
export const postgresOf = (env: Readonly<Record<string, string | undefined>>): string | undefined =>
  env['DATABASE_URL'] === '' ? undefined : env['DATABASE_URL'];

/** Where the server keeps its own files below DATA. */
export const serverFiles = (dataDir: string) => ({
  database: join(dataDir, 'server', 'tessera.db'),
  token: join(dataDir, 'server', 'operator.token'),
  address: join(dataDir, 'server', 'server.json'),
});

const lost = (detail: string): Result<never, Problem> => err(problem('malformed', { detail }));

function addressFrom(dataDir: string): Result<string, Problem> {
  const file = serverFiles(dataDir).address;
  if (!existsSync(file)) {
    const detail = `${file} is not there, so no server runs on this data. Start one: tessera serve --data ${dataDir}`;
    return err(problem('unavailable', { detail }));
  }
  try {
    return ok(serverFileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).url);
  } catch {
    return lost(`${file} could not be understood. Start the server again, or name it with --url.`);
  }
}

/**
 * Decides which server to speak to: `--url` and `--token` first, then what the server wrote beside its data,
 * then TESSERA_URL and TESSERA_TOKEN.
 */
export function findTarget(
  hints: TargetHints,
  env: Readonly<Record<string, string | undefined>>,
): Result<Target, Problem> {
  const dataDir = hints.data ?? env['TESSERA_DATA'];
  let url = hints.url ?? env['TESSERA_URL'];
  let token = hints.token ?? env['TESSERA_TOKEN'];
  if (dataDir !== undefined) {
    if (hints.url === undefined) {
      const found = addressFrom(dataDir);
      if (!found.ok) return found;
      url = found.value;
    }
    const file = serverFiles(dataDir).token;
    if (hints.token === undefined && existsSync(file)) token = readFileSync(file, 'utf8').trim();
  }
  if (url === undefined) {
    return lost('Say which server: --data DIR on the same machine, or --url URL with --token TOKEN.');
  }
  if (!URL.canParse(url) || !/^https?:/.test(url)) return lost(`--url ${url} is not an http address.`);
  return ok({ url, token });
}
