import { expect } from 'chai';
import { err, ok } from '@tessera/shared/result';
import type { GuardSession } from '@tessera/hardware/guard/core';
import { attach, guarded, scene } from '../support/board.ts';
import { quietDeputy } from '../support/rig.ts';
import { pass, settle, type VirtualTime } from '../support/time.ts';

/** Lets a pulse that must succeed run to its end. */
async function driven(time: VirtualTime, pulse: ReturnType<GuardSession['pulse']>): Promise<void> {
  expect(await settle(time, pulse)).to.deep.include({ ok: true });
}

describe('hardware: the sessions of the guard', () => {
  it('says why it drives nothing, in a code and a sentence', async () => {
    const { time, board, core } = await guarded();
    const fenced = attach(core);
    const session = attach(core);
    const rows = [
      [session, 99, 100, 'no_such_line', 'Line 99 is not wired.'],
      [session, 11, 0, 'bad_message', 'A pulse lasts longer than nothing.'],
      [session, 11, Number.POSITIVE_INFINITY, 'bad_message', 'A pulse lasts longer than nothing.'],
      [fenced, 11, 100, 'refused', 'This driver was fenced.'],
    ] as const;
    for (const [from, line, ms, code, detail] of rows) {
      expect(await settle(time, from.pulse(line, ms))).to.deep.equal(err({ code, detail }));
    }
    board.lose();
    const detail = 'The guard does not own the lines, or nobody watches it.';
    expect(await settle(time, session.pulse(11, 100))).to.deep.equal(err({ code: 'gone', detail }));
  });

  it('drives no line twice at once, be it no motor', async () => {
    const { time, core } = await guarded();
    const session = attach(core);
    const running = session.pulse(1, 50);
    const busy = err({ code: 'busy', detail: 'Another pulse is running.' });
    expect(await settle(time, session.pulse(1, 50))).to.deep.equal(busy);
    expect(await settle(time, running)).to.deep.equal(ok({ drivenMs: 50, by: 'time' }));
  });

  it('calls it time, not limit, where a pulse was asked for that is just as long as allowed', async () => {
    const { time, core } = await guarded();
    expect(await settle(time, attach(core).pulse(11, 500))).to.deep.equal(ok({ drivenMs: 500, by: 'time' }));
  });

  it('lets go when it is told, by whoever drives now alone', async () => {
    const { time, core } = await guarded();
    const older = attach(core);
    const session = attach(core);
    session.letGo(12);
    const running = session.pulse(12, 800);
    await pass(time, 100);
    older.letGo(12);
    await pass(time, 100);
    session.letGo(12);
    expect(await settle(time, running)).to.deep.equal(ok({ drivenMs: 200, by: 'let_go' }));
  });

  it('hears a heart that beats, and not that of one who was fenced', async () => {
    const { time, core } = await guarded();
    const older = attach(core);
    const fenced: string[] = [];
    const session = core.attach((why) => fenced.push(why));
    for (let beats = 0; beats < 5; beats += 1) {
      await pass(time, 900);
      session.beat();
    }
    expect(fenced).to.deep.equal([]);
    older.beat();
    await pass(time, 300);
    session.beat();
    const running = session.pulse(12, 800);
    older.close();
    expect(await settle(time, running)).to.deep.equal(ok({ drivenMs: 800, by: 'time' }));
    await pass(time, 1_000);
    expect(fenced).to.deep.equal(['silent']);
  });

  it('tells a driver that closed nothing more, neither at once nor when the next one comes', async () => {
    const { time, core } = await guarded();
    const told: unknown[] = [];
    const session = core.attach((why) => told.push(why));
    session.close();
    attach(core).close();
    await pass(time, 2_000);
    expect(told).to.deep.equal([]);
    expect(await settle(time, session.pulse(11, 100))).to.deep.include({ ok: false });
  });

  it('answers a board that refuses to drive with its words, and takes any other failure for a pulse that was lost', async () => {
    const { time, board, core } = await guarded();
    const session = attach(core);
    for (const code of ['refused', 'no_such_line'] as const) {
      board.refusesToDrive = { code, detail: 'Not this one.' };
      expect(await settle(time, session.pulse(11, 100))).to.deep.equal(err(board.refusesToDrive));
    }
    board.refusesToDrive = { code: 'timeout', detail: 'The board is busy.' };
    expect(await settle(time, session.pulse(11, 100))).to.deep.equal(ok({ drivenMs: 0, by: 'lost' }));
    board.refusesToDrive = undefined;
    expect(await settle(time, session.pulse(11, 100))).to.deep.equal(ok({ drivenMs: 100, by: 'time' }));
  });
});

describe('hardware: how the guard lets go', () => {
  it('stays with its first reason while the board refuses, whoever else wants the line off', async () => {
    const { time, board, core } = await guarded();
    const session = attach(core);
    board.failingOffs = 4;
    const running = session.pulse(11, 100);
    await pass(time, 115);
    session.letGo(11);
    expect(await settle(time, running)).to.deep.equal(ok({ drivenMs: 140, by: 'time' }));
  });

  it('calls a line lost that it gave back while the board refused to let go', async () => {
    const { time, board, core } = await guarded();
    board.failingOffs = 1_000;
    const running = attach(core).pulse(11, 100);
    await pass(time, 115);
    await settle(time, core.stop());
    expect(await settle(time, running)).to.deep.equal(ok({ drivenMs: 120, by: 'lost' }));
  });

  it('ends a pulse once, where the lines are lost while it lets go', async () => {
    const released: number[] = [];
    const { time, board, core, logged } = await guarded({ ...quietDeputy, letGo: (line) => void released.push(line) });
    board.failingOffs = 1_000;
    const running = attach(core).pulse(11, 100);
    await pass(time, 115);
    board.lose();
    expect(await settle(time, running)).to.deep.equal(ok({ drivenMs: 115, by: 'lost' }));
    await pass(time, 1_000);
    expect(released).to.deep.equal([11]);
    expect(logged.filter(([event]) => event === 'pulse_ended')).to.have.lengthOf(1);
  });

  it('has its deputy watch motors alone, for as long as they may be driven', async () => {
    const told: unknown[] = [];
    const { time, core } = await guarded({
      ...quietDeputy,
      driving: (line, ms) => void told.push(['driving', line, ms]),
      letGo: (line) => void told.push(['let_go', line]),
    });
    const session = attach(core);
    await driven(time, session.pulse(1, 50));
    expect(told).to.deep.equal([['let_go', 1]]);
    await driven(time, session.pulse(11, 60_000));
    expect(told.slice(1)).to.deep.equal([
      ['driving', 11, 500],
      ['let_go', 11],
    ]);
  });
});

describe('hardware: what the guard owns', () => {
  it('is ready when its deputy lives, and says so once', async () => {
    const deputy = { ...quietDeputy, alive: false, onAlive: (listener: () => void) => void (tell = listener) };
    let tell: () => void = () => undefined;
    const { core } = scene(deputy);
    const readiness: boolean[] = [];
    core.onReady((ready) => readiness.push(ready));
    await core.start();
    tell();
    expect(readiness).to.deep.equal([]);
    deputy.alive = true;
    tell();
    tell();
    expect([readiness, core.ready]).to.deep.equal([[true], true]);
    deputy.alive = false;
    tell();
    expect([readiness, core.ready]).to.deep.equal([[true, false], false]);
  });

  it('stops before it has anything', async () => {
    const { time, board, core } = scene();
    await settle(time, core.stop());
    await pass(time, 1_000);
    expect([board.claims, core.ready]).to.deep.equal([0, false]);
  });

  it('fences its driver for good when it stops', async () => {
    const { time, core, logged } = await guarded();
    const told: unknown[] = [];
    const session = core.attach((why) => told.push(why));
    await settle(time, core.stop());
    expect(await settle(time, session.pulse(11, 100))).to.deep.include({
      error: { code: 'refused', detail: 'This driver was fenced.' },
    });
    await pass(time, 2_000);
    expect(told).to.deep.equal([]);
    expect(logged.some(([event]) => event === 'driver_silent')).to.equal(false);
  });

  it('gives back what it is given while it stops, and does not ask again for what it is refused then', async () => {
    const given = scene();
    const starting = given.core.start();
    await given.core.stop();
    await starting;
    expect([given.board.claims, given.board.releases, given.core.ready]).to.deep.equal([1, 1, false]);
    expect(given.logged).to.deep.equal([]);

    const refused = scene();
    refused.board.busyClaims = 1;
    const trying = refused.core.start();
    await refused.core.stop();
    await trying;
    await pass(refused.time, 1_000);
    expect(refused.board.claims).to.equal(0);
  });

  it('does not come back for lines that it loses in giving them back', async () => {
    const { time, board, core } = await guarded();
    board.losesOnRelease = true;
    await settle(time, core.stop());
    await pass(time, 1_000);
    expect(board.claims).to.equal(1);
  });

  it('knows the loss of an earlier hold from the loss of the present one', async () => {
    const { time, board, core } = await guarded();
    const { lose } = board;
    lose();
    await pass(time, 1_000);
    lose();
    expect([core.ready, board.claims]).to.deep.equal([true, 2]);
  });
});

describe('hardware: what the guard tells of itself', () => {
  it('logs claims, drivers and pulses with their facts', async () => {
    const { time, board, core, logged } = scene();
    board.busyClaims = 1;
    await core.start();
    await pass(time, 20);
    attach(core);
    const session = attach(core);
    board.failingOffs = 1;
    await driven(time, session.pulse(11, 100));
    await pass(time, 1_000);
    attach(core).close();
    board.lose();
    expect(logged).to.deep.equal([
      ['lines_refused', { code: 'busy', detail: 'Another process owns it.' }],
      ['lines_claimed', { lines: 3 }],
      ['driver_attached'],
      ['driver_fenced'],
      ['driver_attached'],
      ['line_stuck', { line: 11, code: 'timeout', detail: 'The board is busy.' }],
      ['pulse_ended', { line: 11, drivenMs: 110, by: 'time' }],
      ['driver_silent'],
      ['driver_attached'],
      ['driver_gone'],
      ['lines_lost'],
    ]);
  });

  it('can be ended before and after each effect', async () => {
    const { time, core, hits } = await guarded();
    await driven(time, attach(core).pulse(11, 100));
    expect(hits).to.deep.equal([
      'guard.claim.before',
      'guard.claim.after',
      'guard.relay_on.before',
      'guard.relay_on.after',
      'guard.relay_off.before',
      'guard.relay_off.after',
    ]);
  });
});
