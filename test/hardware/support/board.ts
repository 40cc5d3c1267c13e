import { err, ok, type Result } from '@tessera/shared/result';
import { GuardCore, type Deputy, type GuardSession } from '@tessera/hardware/guard/core';
import { guardTimeouts } from '@tessera/hardware/guard/timeouts';
import type { HardwareProblem, OutputClaim, OutputDriver } from '@tessera/hardware/ports';
import type { GuardedLine } from '@tessera/hardware/wiring';
import { quietDeputy } from './rig.ts';
import { newTime, type VirtualTime } from './time.ts';

/** An emitter and two motors. */
export const lines: readonly GuardedLine[] = [
  { line: 1, activeLow: true, limitMs: 60, kind: 'emitter' },
  { line: 11, activeLow: true, limitMs: 500, kind: 'motor' },
  { line: 12, activeLow: false, limitMs: 800, kind: 'motor' },
];

/** A relay board that remembers for how long each line was driven, and how many motors at once. */
export class Board implements OutputDriver {
  readonly driven = new Map<number, number>();
  readonly longest = new Map<number, number>();
  mostMotors = 0;
  claims = 0;
  busyClaims = 0;
  failingOffs = 0;
  releases = 0;
  /** What it answers to being driven, where not with a driven line. */
  refusesToDrive: HardwareProblem | undefined;
  losesOnRelease = false;
  lose: () => void = () => undefined;
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  claim(): Promise<Result<OutputClaim, HardwareProblem>> {
    if (this.busyClaims > 0) {
      this.busyClaims -= 1;
      return Promise.resolve(err({ code: 'busy', detail: 'Another process owns it.' }));
    }
    this.claims += 1;
    this.#allOff();
    return Promise.resolve(
      ok({
        set: (line: number, active: boolean) => Promise.resolve(this.#set(line, active)),
        release: () => {
          this.releases += 1;
          this.#allOff();
          if (this.losesOnRelease) this.lose();
          return Promise.resolve();
        },
        onLost: (listener) => (this.lose = listener),
      }),
    );
  }

  #set(line: number, active: boolean): Result<void, HardwareProblem> {
    if (active) {
      if (this.refusesToDrive) return err(this.refusesToDrive);
      this.driven.set(line, this.#time.nowMs);
      this.mostMotors = Math.max(this.mostMotors, [...this.driven.keys()].filter((each) => each > 10).length);
      return ok(undefined);
    }
    if (this.failingOffs > 0) {
      this.failingOffs -= 1;
      return err({ code: 'timeout', detail: 'The board is busy.' });
    }
    this.#off(line);
    return ok(undefined);
  }

  #off(line: number): void {
    const sinceMs = this.driven.get(line);
    if (sinceMs === undefined) return;
    this.driven.delete(line);
    this.longest.set(line, Math.max(this.longest.get(line) ?? 0, this.#time.nowMs - sinceMs));
  }

  #allOff(): void {
    for (const line of [...this.driven.keys()]) this.#off(line);
  }
}

/** A guard before its start, with all that it says. */
export type Scene = {
  readonly time: VirtualTime;
  readonly board: Board;
  readonly core: GuardCore;
  readonly logged: [string, unknown?][];
  readonly hits: string[];
};

/** A guard that has not been started. */
export function scene(deputy: Deputy = quietDeputy): Scene {
  const time = newTime();
  const board = new Board(time);
  const logged: [string, unknown?][] = [];
  const hits: string[] = [];
  const core = new GuardCore({
    driver: board,
    lines,
    clock: time.clock(),
    scheduler: time,
    timeouts: guardTimeouts,
    failpoints: { hit: (name) => void hits.push(name) },
    deputy,
    log: (event, facts) => void logged.push(facts === undefined ? [event] : [event, facts]),
  });
  return { time, board, core, logged, hits };
}

/** A guard that owns its lines, or has tried to. */
export async function guarded(deputy: Deputy = quietDeputy): Promise<Scene> {
  const made = scene(deputy);
  await made.core.start();
  return made;
}

export const attach = (core: GuardCore): GuardSession => core.attach(() => undefined);
