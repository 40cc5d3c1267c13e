import { expect } from 'chai';
import { err, ok } from '@tessera/shared/result';
import { DeputyCore } from '@tessera/hardware/guard/deputy/core';
import { guardTimeouts } from '@tessera/hardware/guard/timeouts';
import { newTime, pass, type VirtualTime } from '../support/time.ts';

type Scene = {
  readonly time: VirtualTime;
  readonly deputy: DeputyCore;
  readonly done: string[];
  readonly logged: unknown[];
};

/** A deputy whose guard holds the lines for `deathMs` after it was killed. */
function scene(deathMs = 0): Scene {
  const time = newTime();
  const done: string[] = [];
  const logged: unknown[] = [];
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
    log: (event, facts) => void logged.push(facts === undefined ? event : [event, facts]),
    killGuard: () => {
      killedAtMs = time.nowMs;
      done.push('killed');
    },
  });
  return { time, deputy, done, logged };
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

  it('logs a step taken with a line driven, why, and which', async () => {
    const { time, deputy, logged } = scene();
    deputy.receive({ type: 'driving', line: 7, ms: 500 });
    await pass(time, 600);
    expect(logged).to.deep.equal([['deputy_steps_in', { why: 'overdue', driven: [7] }], 'deputy_made_safe']);
  });

  it('makes no noise of a guard that ends with nothing driven', async () => {
    const { time, deputy, logged } = scene();
    deputy.receive({ type: 'driving', line: 7, ms: 500 });
    await pass(time, 100);
    deputy.receive({ type: 'let_go', line: 7 });
    await deputy.makeSafe('guard_gone');
    expect(logged).to.deep.equal(['deputy_made_safe']);

    const dying = scene();
    dying.deputy.receive({ type: 'driving', line: 7, ms: 500 });
    await dying.deputy.makeSafe('guard_gone');
    expect(dying.logged[0]).to.deep.equal(['deputy_steps_in', { why: 'guard_gone', driven: [7] }]);
  });

  it('logs that it never got the lines', async () => {
    const { time, deputy, logged } = scene(60_000);
    const safe = deputy.makeSafe('guard_gone');
    await pass(time, 2_100);
    await safe;
    expect(logged).to.deep.equal([['deputy_failed', { code: 'busy', detail: 'Still dying.' }]]);
  });
});
