import { Journal, type JournalDependencies } from '@tessera/kiosk-daemon/journal/journal';
import { encodeFrame, GENESIS } from '@tessera/kiosk-daemon/journal/frame';
import { JOURNAL_FILE } from '@tessera/kiosk-daemon/journal/open';
import type { Disk } from '@tessera/kiosk-daemon/platform/disk';
import type { LogEvent } from '@tessera/kiosk-daemon/platform/log-events';
import { encodeUlid } from '@tessera/shared/ids/ulid';
import { expect } from 'chai';
import { LossyDisk } from '../../../../scripts/src/simulate/lossy-disk.ts';
import { SeededChance } from '../../../../scripts/src/simulate/seeded-chance.ts';
import { idOf, START_MS, tea } from '../support/samples.ts';

const DAY_MS = 24 * 3_600_000;
const order = { via: 'walk_up', slot: 1, rewardId: tea.rewardId, price: 300 } as const;
const evidence = { drops: 1, beamBefore: 'alive', beamAfter: 'alive', rotated: 'yes', reason: 'drop_seen' } as const;

/** A journal whose clock and disk the test holds. */
class Bench {
  nowMs = START_MS;
  readonly logged: LogEvent[] = [];
  readonly fatals: unknown[] = [];
  readonly lossy = new LossyDisk(new SeededChance(3));
  disk: Disk = this.lossy.mount(() => true);

  get dependencies(): JournalDependencies {
    return {
      disk: this.disk,
      clock: { nowMs: () => this.nowMs, monotonicMs: () => 0 },
      chance: new SeededChance(4),
      log: (event) => this.logged.push(event),
      hit: () => undefined,
      fatal: (error) => this.fatals.push(error),
      compactAboveBytes: 2000,
    };
  }

  async open(): Promise<Journal> {
    const opened = await Journal.open(this.dependencies);
    if (!opened.ok) throw new Error(opened.error.why);
    return opened.value;
  }

  /** A redemption from its request to its acknowledged end. */
  async redeem(journal: Journal, id: string, via: 'walk_up' | 'pickup' = 'walk_up'): Promise<void> {
    const facts = { order: { ...order, via } };
    const begin =
      via === 'pickup'
        ? [journal.step(id, 'accept_code', { ...facts, grant: `P1.${id}` })]
        : [journal.step(id, 'request', facts), journal.step(id, 'authorise', { grant: `g.${id}` })];
    const rest = [
      journal.step(id, 'start'),
      journal.step(id, 'saw_drop', { evidence }),
      journal.step(id, 'acknowledge'),
    ];
    for (const step of await Promise.all([...begin, ...rest])) expect(step.ok).to.equal(true);
  }
}

/** A step that is allowed. */
async function take(journal: Journal, ...step: Parameters<Journal['step']>): Promise<void> {
  const taken = await journal.step(...step);
  expect(taken.ok, step[1]).to.equal(true);
}

describe('journal', () => {
  it('refuses a step that the machine does not allow, also against a state that is still being written', async () => {
    const journal = await new Bench().open();
    const [asked, started] = await Promise.all([
      journal.step(idOf(1), 'request', { order }),
      journal.step(idOf(1), 'start'),
    ]);
    expect(asked).to.deep.equal({ ok: true, value: ['write', 'ask'] });
    expect(started).to.deep.equal({ ok: false, error: 'not_authorised' });
  });

  it('answers nobody after a failed write, and ends the process', async () => {
    const bench = new Bench();
    const broken = new Error('EIO');
    const { disk } = bench;
    const open = disk.open.bind(disk);
    let isBroken = false;
    bench.disk = {
      ...disk,
      open: async (name, mode) => {
        const file = await open(name, mode);
        return { ...file, append: (bytes) => (isBroken ? Promise.reject(broken) : file.append(bytes)) };
      },
    };
    const failing = await bench.open();
    isBroken = true;
    let answered = false;
    void failing.step(idOf(1), 'request', { order }).then(() => (answered = true));
    await new Promise((done) => setImmediate(done));
    expect(bench.fatals).to.deep.equal([broken]);
    expect(answered).to.equal(false);
    expect(failing.book.stateOf(idOf(1))).to.equal('none');
  });

  it('keeps epoch, chain, used codes and 90 days of grants through a compaction, and survives it', async () => {
    const bench = new Bench();
    const journal = await bench.open();
    await journal.noteUsed([idOf(90)]);
    await bench.redeem(journal, idOf(1));
    bench.nowMs += 91 * DAY_MS;
    for (let n = 2; n < 12; n += 1) await bench.redeem(journal, idOf(n), n % 2 === 0 ? 'pickup' : 'walk_up');
    const before = journal.head;
    const bytes = journal.bytes;
    expect(await journal.compactWhenIdle()).to.equal(true);
    expect(journal.bytes).to.be.lessThan(bytes);
    expect(journal.head.epoch).to.equal(before.epoch);
    expect(journal.head.seq).to.be.greaterThan(before.seq);
    await bench.redeem(journal, idOf(30));
    const again = await bench.open();
    expect(again.head).to.deep.equal(journal.head);
    expect(again.book.usedKnown).to.equal(true);
    for (const used of [90, 2, 4, 6, 8, 10]) expect(again.book.stateOf(idOf(used))).to.equal('closed');
    const grants = await again.grants();
    expect(grants.map(({ id }) => id)).to.deep.equal([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 30].map(idOf));
    expect(grants.every(({ outcome }) => outcome === 'dropped')).to.equal(true);
  });

  it('writes a long journal in pieces that are one chain, so that a compaction needs little memory', async () => {
    const bench = new Bench();
    const idsFrom = (first: number): string[] =>
      Array.from({ length: 250 }, (_, n) => encodeUlid(START_MS + first + n, Buffer.alloc(10, 1)));
    const journal = await bench.open();
    for (const id of idsFrom(0)) await bench.redeem(journal, id);
    await journal.close();
    const { disk } = bench;
    const pieces: number[] = [];
    bench.disk = {
      ...disk,
      open: async (name, mode) => {
        const file = await disk.open(name, mode);
        const append = async (bytes: Uint8Array): Promise<void> => {
          pieces.push(bytes.length);
          await file.append(bytes);
        };
        return { ...file, append };
      },
    };
    const laden = await bench.open();
    // What it opened with counts as compact: it must grow before another compaction is worth it.
    for (const id of [...idsFrom(250), ...idsFrom(500)]) await bench.redeem(laden, id);
    pieces.length = 0;
    expect(await laden.compactWhenIdle()).to.equal(true);
    expect(Math.max(...pieces)).to.be.lessThan(laden.bytes / 5);
    expect(pieces.reduce((sum, piece) => sum + piece, 0)).to.equal(laden.bytes);
    const again = await bench.open();
    expect(again.head).to.deep.equal(laden.head);
    expect((await again.grants()).length).to.equal(750);
  });

  it('does not compact while anything is open or unreported', async () => {
    const bench = new Bench();
    const journal = await bench.open();
    for (let n = 1; n < 12; n += 1) await bench.redeem(journal, idOf(n));
    await journal.variance({ eventId: idOf(40), slot: null, kind: 'stray_drop', reason: 'x', redemptionId: null });
    expect(await journal.compactWhenIdle()).to.equal(false);
    await journal.varianceSent(idOf(40));
    await take(journal, idOf(41), 'request', { order });
    expect(await journal.compactWhenIdle()).to.equal(false);
    await take(journal, idOf(41), 'cancel');
    await take(journal, idOf(41), 'acknowledge');
    expect(await journal.compactWhenIdle()).to.equal(true);
  });

  it('gives back a code that was accepted and not vended, and keeps one that was', async () => {
    const journal = await new Bench().open();
    const pickup = { order: { ...order, via: 'pickup' as const } };
    await take(journal, idOf(1), 'accept_code', pickup);
    await take(journal, idOf(1), 'cancel');
    expect(journal.book.stateOf(idOf(1))).to.equal('none');
    await take(journal, idOf(1), 'accept_code', pickup);
    await take(journal, idOf(1), 'start');
    await take(journal, idOf(1), 'proved_absent', { evidence });
    await take(journal, idOf(1), 'acknowledge');
    expect(await journal.step(idOf(1), 'accept_code', pickup)).to.deep.equal({ ok: false, error: 'id_already_used' });
  });

  it('counts crashes on energising in a row, also through a restart', async () => {
    const bench = new Bench();
    let journal = await bench.open();
    for (const n of [1, 2]) {
      await take(journal, idOf(n), 'request', { order });
      await take(journal, idOf(n), 'authorise', { grant: 'g' });
      await take(journal, idOf(n), 'start');
      journal = await bench.open();
      await take(journal, idOf(n), 'restart', { evidence });
      expect(journal.book.crashes.get(1)).to.equal(n);
      await take(journal, idOf(n), 'acknowledge');
    }
    await bench.redeem(journal, idOf(3));
    expect(journal.book.crashes.get(1)).to.equal(undefined);
  });

  describe('written by a newer release', () => {
    const epoch = idOf(80);
    const base = { kind: 'base', format: 2, epoch, usedKnown: true, crashes: {}, colour: 'new field' };
    const open = [
      { kind: 'vend', id: idOf(1), event: 'request', to: 'requested', atMs: 1, order: { ...order, tray: 2 } },
      { kind: 'weather', of: 'a kind of record this release has never heard of' },
      { kind: 'vend', id: idOf(1), event: 'authorise', to: 'authorised', atMs: 2, grant: 'g' },
      { kind: 'vend', id: idOf(1), event: 'start', to: 'vending', atMs: 3 },
    ];

    async function writtenBy(readableBy: number): Promise<Bench> {
      const bench = new Bench();
      const file = await bench.disk.open(JOURNAL_FILE, 'fresh');
      let head = { seq: 0, hash: GENESIS };
      for (const record of [{ ...base, readableBy }, ...open]) {
        const frame = encodeFrame(head, record);
        head = frame.head;
        await file.append(frame.bytes);
      }
      await file.sync();
      return bench;
    }

    it('is read where it says so, with what is open in it', async () => {
      const journal = await (await writtenBy(1)).open();
      expect(journal.head.seq).to.equal(5);
      expect(journal.book.stateOf(idOf(1))).to.equal('vending');
      await take(journal, idOf(1), 'restart', { evidence });
      expect(journal.book.stateOf(idOf(1))).to.equal('unknown');
    });

    it('stops the kiosk where it cannot be read', async () => {
      const opened = await Journal.open((await writtenBy(2)).dependencies);
      expect(opened).to.deep.equal({ ok: false, error: { offset: 0, why: 'format_of_a_newer_release' } });
    });
  });
});
