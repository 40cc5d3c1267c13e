import { expect } from 'chai';
import fc from 'fast-check';
import { ok } from '@tessera/shared/result';
import { attach, guarded, lines, scene } from '../support/board.ts';
import { quietDeputy } from '../support/rig.ts';
import { pass, settle } from '../support/time.ts';

describe('hardware: the rules of the guard', () => {
  it('drives for as long as it is told, at most the limit, and says which of the two it was', async () => {
    const { time, board, core } = await guarded();
    const session = attach(core);
    expect(await settle(time, session.pulse(11, 200))).to.deep.equal(ok({ drivenMs: 200, by: 'time' }));
    expect(await settle(time, session.pulse(11, 60_000))).to.deep.equal(ok({ drivenMs: 500, by: 'limit' }));
    expect(board.driven.size).to.equal(0);
  });

  it('drives one motor at a time, and the emitter beside it', async () => {
    const { time, core } = await guarded();
    const session = attach(core);
    const running = session.pulse(11, 300);
    const second = await settle(time, session.pulse(12, 100));
    const emitter = await settle(time, session.pulse(1, 50));
    expect(second).to.deep.include({ ok: false });
    expect(emitter).to.deep.equal(ok({ drivenMs: 50, by: 'time' }));
    expect(await settle(time, running)).to.deep.equal(ok({ drivenMs: 300, by: 'time' }));
  });

  it('refuses lines it does not know, and numbers that are no duration', async () => {
    const { time, board, core } = await guarded();
    const session = attach(core);
    for (const [line, ms] of [
      [99, 100],
      [11, 0],
      [11, -5],
      [11, Number.NaN],
      [11, Number.POSITIVE_INFINITY],
    ] as const) {
      expect(await settle(time, session.pulse(line, ms))).to.deep.include({ ok: false });
    }
    expect(board.longest.size).to.equal(0);
  });

  it('lets go when the driver closes, falls silent, or is fenced by the next', async () => {
    const { time, board, core } = await guarded();
    const first = attach(core);
    const closed = first.pulse(12, 800);
    await pass(time, 100);
    first.close();
    expect(await settle(time, closed)).to.deep.equal(ok({ drivenMs: 100, by: 'lost' }));

    const fencedFor: string[] = [];
    const second = core.attach((why) => fencedFor.push(why));
    const fenced = second.pulse(12, 800);
    await pass(time, 100);
    const third = attach(core);
    expect(await settle(time, fenced)).to.deep.equal(ok({ drivenMs: 100, by: 'lost' }));
    expect(await settle(time, second.pulse(12, 100))).to.deep.include({ ok: false });
    expect(fencedFor).to.deep.equal(['newer_driver']);

    await pass(time, 900);
    const silent = third.pulse(12, 800);
    expect(await settle(time, silent)).to.deep.equal(ok({ drivenMs: 100, by: 'lost' }));
    expect(board.driven.size).to.equal(0);
  });

  it('tries again until it owns the lines, and after it lost them', async () => {
    const { time, board, core } = scene();
    board.busyClaims = 3;
    const readiness: boolean[] = [];
    core.onReady((ready) => readiness.push(ready));
    await core.start();
    expect(core.ready).to.equal(false);
    await pass(time, 1_000);
    expect(core.ready).to.equal(true);
    const lost = attach(core).pulse(12, 800);
    await pass(time, 50);
    board.lose();
    expect(await settle(time, lost)).to.deep.equal(ok({ drivenMs: 50, by: 'lost' }));
    await pass(time, 1_000);
    expect(board.claims).to.equal(2);
    expect(readiness).to.deep.equal([true, false, true]);
  });

  it('drives nothing while nobody watches it', async () => {
    const { time, board, core } = await guarded({ ...quietDeputy, alive: false });
    expect(await settle(time, attach(core).pulse(11, 100))).to.deep.include({ ok: false });
    expect(board.longest.size).to.equal(0);
  });

  it('lets go at last where the board refuses at first', async () => {
    const { time, board, core } = await guarded();
    board.failingOffs = 4;
    expect(await settle(time, attach(core).pulse(11, 100))).to.deep.equal(ok({ drivenMs: 140, by: 'time' }));
    expect(board.driven.size).to.equal(0);
  });

  it('gives everything back when it stops, and claims no more', async () => {
    const { time, board, core } = await guarded();
    const running = attach(core).pulse(12, 800);
    await pass(time, 30);
    await settle(time, core.stop());
    expect(await settle(time, running)).to.deep.equal(ok({ drivenMs: 30, by: 'lost' }));
    expect(board.driven.size).to.equal(0);
    expect(core.ready).to.equal(false);
  });

  it('never drives a line longer than its limit, nor two motors at once, whatever is said and lost in whatever order', async () => {
    const acts = fc.array(
      fc.record({
        act: fc.constantFrom('pulse', 'let_go', 'close', 'attach', 'beat', 'lose_lines', 'fail_off', 'wait'),
        line: fc.constantFrom(1, 11, 12, 99),
        ms: fc.oneof(fc.integer({ min: -10, max: 5_000 }), fc.constant(Number.NaN)),
      }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(acts, async (script) => {
        const { time, board, core } = await guarded();
        let session = attach(core);
        const open: Promise<unknown>[] = [];
        for (const { act, line, ms } of script) {
          if (act === 'pulse') open.push(session.pulse(line, ms));
          if (act === 'let_go') session.letGo(line);
          if (act === 'close') session.close();
          if (act === 'attach') session = attach(core);
          if (act === 'beat') session.beat();
          if (act === 'lose_lines') board.lose();
          if (act === 'fail_off') board.failingOffs = 2;
          if (act === 'wait') await pass(time, Math.abs(Number.isNaN(ms) ? 1 : ms) / 4);
        }
        await pass(time, 5_000);
        await settle(time, Promise.all(open));
        expect(board.driven.size).to.equal(0);
        expect(board.mostMotors).to.be.at.most(1);
        // A board that refuses is tried again each 10 ms, and one that was lost is claimed inactive after 20 at first.
        for (const { line, limitMs } of lines) expect(board.longest.get(line) ?? 0).to.be.at.most(limitMs + 100);
      }),
      { numRuns: 150 },
    );
  });
});
