import { expect } from 'chai';
import { err, ok } from '@tessera/shared/result';
import { DeputyCore } from '@tessera/hardware/guard/deputy/core';
import { guardTimeouts } from '@tessera/hardware/guard/timeouts';
import { newTime, pass, type VirtualTime } from '../support/time.ts';

type Scene = { readonly time: VirtualTime; readonly deputy: DeputyCore; readonly done: string[] };

/** A deputy whose guard holds the lines for `deathMs` after it was killed. */
function scene(deathMs = 0): Scene {
  const time = newTime();
  const done: string[] = [];
  let killedAtMs = Number.POSITIVE_INFINITY;
  const deputy = new DeputyCore({
    driver: {
      claim: () => {
        if (time.nowMs < killedAtMs + deathMs) return Promise.resolve(err({ code: 'busy', detail: 'Still dying.' }));
        done.push(`claimed at ${String(time.nowMs - killedAtMs)}`);
        return Promise.resolve(
          ok({ set: () => Promise.resolve(ok(undefined)), release: () => Promise.resolve(), onLost: () => undefined }),
        );
      },
    },
    lines: [],
    clock: time.clock(),
    scheduler: time,
    timeouts: guardTimeouts,
    log: () => undefined,
    killGuard: () => {
      killedAtMs = time.nowMs;
      done.push('killed');
    },
  });
  return { time, deputy, done };
}

describe('hardware: the deputy of the guard', () => {
  it('leaves a guard alone that lets go in time', async () => {
    const { time, deputy, done } = scene();
    for (let pulse = 0; pulse < 5; pulse += 1) {
      deputy.receive({ type: 'driving', line: 7, ms: 500 });
      await pass(time, 510);
      deputy.receive({ type: 'let_go', line: 7 });
      await pass(time, 200);
    }
    expect(done).to.deep.equal([]);
  });

  it('ends a guard that outlasts a pulse, and claims the lines as soon as they are free', async () => {
    const { time, deputy, done } = scene(20);
    deputy.receive({ type: 'driving', line: 7, ms: 500 });
    await pass(time, 539);
    expect(done).to.deep.equal([]);
    await pass(time, 30);
    expect(done).to.deep.equal(['killed', 'claimed at 21']);
  });

  it('steps in once, when the guard is gone too', async () => {
    const { time, deputy, done } = scene();
    deputy.receive({ type: 'driving', line: 7, ms: 500 });
    void deputy.makeSafe('guard_gone');
    await pass(time, 1_000);
    await deputy.makeSafe('guard_gone');
    expect(done).to.deep.equal(['killed', 'claimed at 0']);
  });

  it('gives up where a living guard owns the lines again: it claimed them inactive', async () => {
    const { time, deputy, done } = scene(60_000);
    const safe = deputy.makeSafe('guard_gone');
    await pass(time, 2_100);
    await safe;
    expect(done).to.deep.equal(['killed']);
  });
});
