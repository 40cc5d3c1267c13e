import { execFile } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Layout } from './layout.ts';

/** What `tessera demo seed --json` answers: the credentials to play with. */
const seedSchema = z.object({
  admin: z.object({ login: z.string(), password: z.string(), token: z.string() }),
  second: z.object({ login: z.string(), password: z.string(), token: z.string() }),
  merchant: z.object({ id: z.string(), token: z.string() }),
  kiosks: z.array(z.object({ id: z.string(), enrolmentCode: z.nullable(z.string()) })).check(z.minLength(1)),
  members: z.array(
    z.object({ memberId: z.string(), pin: z.string(), cardUid: z.string(), qrUrl: z.string(), points: z.int() }),
  ),
});
export type DemoSeed = z.infer<typeof seedSchema>;

/** Runs one of our own commands to its end; its stdout, or what it said on stderr. */
export function runCommand(args: readonly string[], cwd: string): Promise<Result<string, string>> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 16e6 }, (error, stdout, stderr) => {
      resolve(error ? err(stderr.trim() === '' ? error.message : stderr.trim()) : ok(stdout));
    });
  });
}

/** Makes the demo alliance through the API of the running server, or finds the one made earlier: the answer is the same. */
export async function seedDemo({ root, dataDir }: Layout): Promise<Result<DemoSeed, string>> {
  const printed = await runCommand(
    [join(root, 'server/dist/main.js'), 'demo', 'seed', '--data', dataDir, '--json'],
    root,
  );
  if (!printed.ok) return printed;
  const lastLine = printed.value.trim().split('\n').at(-1) ?? '';
  const seed = z.safeParse(seedSchema, JSON.parse(lastLine));
  return seed.success
    ? ok(seed.data)
    : err(`"tessera demo seed" answered something else: ${z.prettifyError(seed.error)}`);
}

/** Gives the kiosk its key, once: a kiosk that is enrolled already has no code left. */
export async function enrolKiosk(
  { root, urls }: Layout,
  kioskDir: string,
  code: string | null,
): Promise<Result<void, string>> {
  if (code === null) return ok(undefined);
  const flags = ['enrol', '--data', kioskDir, '--server', urls.server, '--code', code];
  const done = await runCommand([join(root, 'kiosk/daemon/dist/main.js'), ...flags], root);
  return done.ok ? ok(undefined) : done;
}
