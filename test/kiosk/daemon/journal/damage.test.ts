import { encodeFrame } from '@tessera/kiosk-daemon/journal/frame';
import { Journal, type JournalDependencies } from '@tessera/kiosk-daemon/journal/journal';
import { JOURNAL_FILE } from '@tessera/kiosk-daemon/journal/open';
import type { Disk } from '@tessera/kiosk-daemon/platform/disk';
import type { VendEvent } from '@tessera/shared/redemption/vend';
import { expect } from 'chai';
import fc from 'fast-check';
import { LossyDisk } from '../../../../scripts/src/simulate/lossy-disk.ts';
import { SeededChance } from '../../../../scripts/src/simulate/seeded-chance.ts';
import { idOf, START_MS, tea } from '../support/samples.ts';

type Facts = NonNullable<Parameters<Journal['step']>[2]>;

const order: Facts = { order: { via: 'walk_up', slot: 1, rewardId: tea.rewardId, price: 300 } };
const evidence = { drops: 1, beamBefore: 'alive', beamAfter: 'alive', rotated: 'yes', reason: 'drop_seen' } as const;

/** What a kiosk writes: a finished redemption, a pick-up, and one that is open in the state at which `stopAt` stops. */
const story: readonly (readonly [string, VendEvent, Facts])[] = [
  [idOf(1), 'request', order],
  [idOf(1), 'authorise', { grant: 'g1' }],
  [idOf(1), 'start', {}],
  [idOf(1), 'saw_drop', { evidence }],
  [idOf(1), 'acknowledge', {}],
  [idOf(2), 'accept_code', { order: { ...order.order!, via: 'pickup' }, grant: 'P1' }],
  [idOf(2), 'start', {}],
  [idOf(2), 'proved_absent', { evidence: { ...evidence, drops: 0 } }],
  [idOf(3), 'request', order],
  [idOf(3), 'authorise', { grant: 'g3' }],
  [idOf(3), 'start', {}],
];

let starts = 0;

const dependencies = (disk: Disk): JournalDependencies => ({
  disk,
  clock: { nowMs: () => START_MS, monotonicMs: () => 0 },
  chance: new SeededChance(5, (starts += 1)),
  log: () => undefined,
  hit: () => undefined,
  fatal: (error) => {
    throw error;
  },
  compactAboveBytes: 1,
});

async function open(disk: Disk): Promise<Journal | null> {
  const opened = await Journal.open(dependencies(disk));
  return opened.ok ? opened.value : null;
}

const newDisk = (): Disk => new LossyDisk(new SeededChance(1)).mount(() => true);

async function put(disk: Disk, bytes: Uint8Array): Promise<void> {
  const file = await disk.open(JOURNAL_FILE, 'fresh');
  await file.append(bytes);
  await file.sync();
}

/** A synced journal with the first `steps` of the story; answers its bytes and where each record ends. */
async function write(steps: number) {
  const disk = newDisk();
  const journal = (await open(disk))!;
  const ends = [journal.bytes];
  const heads = [journal.head];
  const vendingAt: number[] = [];
  for (const [id, event, facts] of story.slice(0, steps)) {
    const step = await journal.step(id, event, facts);
    expect(step.ok).to.equal(true);
    if (event === 'start') vendingAt.push(ends.length);
    ends.push(journal.bytes);
    heads.push(journal.head);
  }
  return { bytes: Buffer.from((await disk.read(JOURNAL_FILE))!), ends, heads, vendingAt };
}

/** True where a daemon on this journal could energise the redemption (again). */
async function couldEnergise(journal: Journal, id: string): Promise<boolean> {
  if (journal.book.stateOf(id) !== 'none') expect((await journal.step(id, 'restart')).ok).to.equal(true);
  return (await journal.step(id, 'start')).ok;
}

describe('a journal that was damaged', () => {
  const steps = fc.integer({ min: 0, max: story.length });

  it('reads back what was synced', async () => {
    const { bytes, heads } = await write(story.length);
    const disk = newDisk();
    await put(disk, bytes);
    const journal = (await open(disk))!;
    expect(journal.head).to.deep.equal(heads.at(-1));
    expect(journal.book.stateOf(idOf(1))).to.equal('none');
    expect(journal.book.stateOf(idOf(2))).to.equal('not_dropped');
    expect(journal.book.stateOf(idOf(3))).to.equal('vending');
  });

  it('cut anywhere: the head says what is missing, and nothing is energised twice', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.double({ min: 0, max: 1, noNaN: true }), async (count, where) => {
        const { bytes, ends, heads } = await write(count);
        const cut = Math.floor(where * bytes.length);
        const disk = newDisk();
        await put(disk, bytes.subarray(0, cut));
        const journal = (await open(disk))!;
        const whole = ends.filter((end) => end <= cut).length;
        if (whole === 0) {
          // Not even the base record is left: a new journal, which the server does not know.
          expect(journal.head.epoch === heads[0]!.epoch && journal.head.seq > 1).to.equal(false);
          return;
        }
        expect(journal.head).to.deep.equal(heads[whole - 1]);
        for (const id of [idOf(2), idOf(3)]) await couldEnergise(journal, id);
      }),
      { numRuns: 150 },
    );
  });

  it('zero-filled at its end: cut and read on', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 9000 }), async (count, zeros) => {
        const { bytes, heads } = await write(count);
        const disk = newDisk();
        await put(disk, Buffer.concat([bytes, Buffer.alloc(zeros)]));
        expect((await open(disk))?.head).to.deep.equal(heads.at(-1));
      }),
      { numRuns: 50 },
    );
  });

  it('two records of one write, cut anywhere and zeros behind: opens, with all that was synced before', async () => {
    const where = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: story.length }), where, async (count, at) => {
        const { bytes, ends, heads } = await write(count);
        const synced = ends[count - 2]!;
        const cut = synced + Math.floor(at * (bytes.length - synced));
        const disk = newDisk();
        await put(disk, Buffer.concat([bytes.subarray(0, cut), Buffer.alloc(bytes.length - cut)]));
        const journal = (await open(disk))!;
        expect(journal.head.epoch).to.equal(heads[0]!.epoch);
        expect(journal.head.seq).to.be.at.least(heads[count - 2]!.seq);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps through a power cut what a daemon read that its predecessor had not synced', async () => {
    const { bytes, ends, heads } = await write(2);
    const machine = new LossyDisk(new SeededChance(3));
    const disk = machine.mount(() => true);
    await put(disk, bytes.subarray(0, ends[1]));
    await disk.syncDir(JOURNAL_FILE);
    // It dies with the write in the page cache: opening is its first change, the write its second.
    let changes = 0;
    const predecessor = machine.mount(
      () => changes < 2,
      () => void (changes += 1),
    );
    const file = await predecessor.open(JOURNAL_FILE, 'durable');
    void file.append(bytes.subarray(ends[1]));
    await new Promise((done) => setImmediate(done));
    expect(machine.holds(JOURNAL_FILE)).to.have.lengthOf(bytes.length);
    expect((await open(disk))?.head).to.deep.equal(heads.at(-1));
    machine.crash(true);
    expect((await open(disk))?.head).to.deep.equal(heads.at(-1));
  });

  it('one byte flipped anywhere: stopped, or reported and the vend in question unknown', async () => {
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        async (count, where, mask) => {
          const { bytes, ends, heads, vendingAt } = await write(count);
          const at = Math.floor(where * bytes.length);
          bytes[at] = bytes[at]! ^ mask;
          const disk = newDisk();
          await put(disk, bytes);
          const record = ends.findIndex((end) => at < end);
          const journal = await open(disk);
          if (record < ends.length - 1) {
            expect(journal, 'a corrupt middle stops the kiosk').to.equal(null);
            return;
          }
          expect(journal).to.not.equal(null);
          // The last record: the head is another than the one that was synced, so the server learns of it.
          expect(journal!.head).to.not.deep.equal(heads.at(-1));
          // Whatever was driven is never driven again.
          for (const index of vendingAt) {
            const [id] = story[index - 1]!;
            if (journal!.book.stateOf(id) === 'none') continue;
            expect(await couldEnergise(journal!, id), id).to.equal(false);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('counts as unknown what was authorised when the last record cannot be read', async () => {
    const { bytes } = await write(story.length);
    bytes[bytes.length - 1] = bytes.at(-1)! ^ 1;
    const disk = newDisk();
    await put(disk, bytes);
    const journal = (await open(disk))!;
    expect(journal.book.stateOf(idOf(3))).to.equal('vending');
    expect((await journal.step(idOf(3), 'restart', { evidence })).ok).to.equal(true);
    expect(journal.book.stateOf(idOf(3))).to.equal('unknown');
    expect((await open(disk))!.book.stateOf(idOf(3)), 'durably').to.equal('unknown');
  });

  it('notices a record that was taken out or put elsewhere', async () => {
    const { bytes, ends } = await write(story.length);
    const disk = newDisk();
    await put(disk, Buffer.concat([bytes.subarray(0, ends[3]), bytes.subarray(ends[4])]));
    expect(await open(disk)).to.equal(null);
  });

  it('stops at a redemption that begins without its order, whatever its checks say', async () => {
    const { bytes, heads } = await write(0);
    const begun = { kind: 'vend', id: idOf(1), atMs: START_MS };
    const request = encodeFrame(heads[0]!, { ...begun, event: 'request', to: 'requested' });
    const authorise = encodeFrame(request.head, { ...begun, event: 'authorise', to: 'authorised' });
    const damage = encodeFrame(authorise.head, { kind: 'damage', bytes: 1 });
    const disk = newDisk();
    await put(disk, Buffer.concat([bytes, request.bytes, authorise.bytes, damage.bytes]));
    const opened = await Journal.open(dependencies(disk));
    expect(opened).to.deep.equal({ ok: false, error: { offset: bytes.length, why: 'order_missing' } });
  });
});
