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
function runCommand(args: readonly string[], cwd: string): Promise<Result<string, string>> {
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

const slotsSchema = z.object({ items: z.array(z.object({ slot: z.int(), onHand: z.int() })) });

/** Puts into the new cabinet's slots what the server believes to be there: somebody has just refilled it. */
export async function fillCabinet({ urls }: Layout, kioskId: string, token: string): Promise<Result<void, string>> {
  const answer = await fetch(`${urls.server}/v1/kiosks/${kioskId}/slots`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const slots = z.safeParse(slotsSchema, await answer.json());
  if (!slots.success) return err(`The server told the stock in another shape: ${z.prettifyError(slots.error)}`);
  for (const { slot, onHand } of slots.data.items) {
    const filled = await fetch(`${urls.cabinet}/slots/${String(slot)}/goods`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ goods: onHand }),
    });
    if (!filled.ok) return err(`The cabinet took no goods for slot ${String(slot)}: ${await filled.text()}`);
  }
  return ok(undefined);
}
