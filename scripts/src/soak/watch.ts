import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { median, robustSlope } from '../bench/statistics.ts';
import { descriptorsOf, memoryOf } from '../harness/processes.ts';
import type { Supervisor } from '../start/supervisor.ts';

/** One look at one process. `seconds` counts from the beginning of the run. */
export type Look = {
  readonly seconds: number;
  readonly name: string;
  readonly pid: number;
  readonly residentMb: number;
  readonly descriptors: number;
};

/** The guard's deputy is nobody's but the guard's: it is found by its parent. */
function childOf(parent: number): number | undefined {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    try {
      const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
      return after.split(' ')[1] === String(parent);
    } catch {
      return false;
    }
  });
  return found === undefined ? undefined : Number(found);
}

/** Looks at every process once; one that is dying at this moment is left out. */
function lookAround(supervisor: Supervisor, seconds: number): Look[] {
  const pids: Readonly<Record<string, number | undefined>> = supervisor.pids();
  const all = { ...pids, deputy: pids['guard'] === undefined ? undefined : childOf(pids['guard']) };
  return Object.entries(all).flatMap(([name, pid]) => {
    try {
      if (pid === undefined) return [];
      return [{ seconds, name, pid, residentMb: memoryOf(pid).residentMb, descriptors: descriptorsOf(pid) }];
    } catch {
      return [];
    }
  });
}

/** Looks at all processes every so often while `goesOn`. */
export async function watch(supervisor: Supervisor, everyMs: number, goesOn: () => boolean): Promise<Look[]> {
  const looks: Look[] = [];
  const startedAt = performance.now();
  while (goesOn()) {
    looks.push(...lookAround(supervisor, (performance.now() - startedAt) / 1000));
    await sleep(everyMs);
  }
  return looks;
}

/** What one life of a process did once it had settled. */
export type Life = {
  readonly name: string;
  readonly pid: number;
  /** How long it was judged. */
  readonly seconds: number;
  readonly residentMb: number;
  /** By a robust fit, from the beginning to the end of what was judged. */
  readonly growthMb: number;
  readonly growthDescriptors: number;
};

/** Code is compiled, caches fill and the heap finds its size in this part of a life. */
const WARM_UP = 1 / 3;
const LEAST_LOOKS = 12;

function judge(looks: readonly Look[]): Life | undefined {
  const settled = looks.slice(Math.ceil(looks.length * WARM_UP));
  const [first] = settled;
  const last = settled.at(-1);
  if (!first || !last || settled.length < LEAST_LOOKS) return undefined;
  const seconds = last.seconds - first.seconds;
  const growth = (read: (look: Look) => number): number =>
    robustSlope(settled.map((look) => ({ x: look.seconds, y: read(look) }))) * seconds;
  return {
    name: first.name,
    pid: first.pid,
    seconds,
    residentMb: median(settled.map(({ residentMb }) => residentMb)),
    growthMb: growth(({ residentMb }) => residentMb),
    growthDescriptors: growth(({ descriptors }) => descriptors),
  };
}

/** Every life that was long enough to say something. */
export function livesOf(looks: readonly Look[]): Life[] {
  const byPid = new Map<number, Look[]>();
  for (const look of looks) byPid.set(look.pid, [...(byPid.get(look.pid) ?? []), look]);
  return [...byPid.values()].flatMap((ofOne) => judge(ofOne) ?? []);
}
