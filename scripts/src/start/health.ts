import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@tessera/shared/result';

const POLL_MS = 100;
const REPORT_MS = 5_000;

/** True where an address answers 200. */
export async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

const PROBE = '{"type":"hello","version":1,"role":"probe"}\n';

/** True where the guard owns its lines: it is asked as a mere observer, which disturbs no vend. */
export function guardIsReady(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socketPath, () => probe.write(PROBE));
    const finish = (ready: boolean): void => {
      probe.destroy();
      resolve(ready);
    };
    probe.setTimeout(2_000, () => finish(false));
    probe.once('error', () => finish(false));
    probe.once('data', (answer) => finish(answer.includes('"ready":true')));
  });
}

/** Waits until a check holds, and says every five seconds that it still waits. */
export async function waitFor(
  what: string,
  check: () => Promise<boolean>,
  options: {
    readonly withinMs: number;
    readonly everyMs?: number;
    readonly say: (line: string) => void;
    readonly stopped?: () => boolean;
  },
): Promise<Result<void, string>> {
  const started = performance.now();
  let reported = started;
  while (performance.now() - started < options.withinMs) {
    if (options.stopped?.() === true) return err('stopped');
    if (await check()) return ok(undefined);
    if (performance.now() - reported > REPORT_MS) {
      reported = performance.now();
      options.say(`  still waiting for ${what} (${String(Math.round((reported - started) / 1000))} s)`);
    }
    await sleep(options.everyMs ?? POLL_MS);
  }
  return err(`${what} was not ready within ${String(options.withinMs / 1000)} s`);
}
