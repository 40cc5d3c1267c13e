import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { encodeUlid } from '@tessera/shared/ids/ulid';
import { formatRotatingQr } from '@tessera/shared/credentials/rotating-qr';
import { START_MS, tea } from './support/samples.ts';
import { World } from './support/world.ts';

/** What the daemon still holds after all that can be let go is let go. */
async function heapUsed(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Finalisers run between two turns, and give back more.
  for (let turn = 0; turn < 4; turn += 1) {
    collect();
    await new Promise((done) => setImmediate(done));
  }
  return process.memoryUsage().heapUsed;
}

async function redeem(world: World, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    const qr = formatRotatingQr(Buffer.alloc(32, 3), encodeUlid(START_MS, Buffer.alloc(10, 1)), n + 1);
    await world.confirmTea(qr, tea.rewardId);
    await world.until('take');
    world.dispenser.set({ tray: 'empty' });
    world.tap({ type: 'end' });
    world.server.sent.length = 0;
    world.server.books.clear();
    world.dispenser.pulses.length = 0;
    world.logged.length = 0;
  }
}

/** Redemptions between two readings. */
const EACH = 400;

describe('memory', () => {
  it('stays flat over many redemptions: what has ended is on disk, not in the heap', async function () {
    this.timeout(120_000);
    const world = await World.serving({ seed: 8, compactAboveBytes: 256 * 1024 });
    // The heap of a young process breathes by half a megabyte: the lower of two readings, twice.
    const readings: number[] = [];
    while (readings.length < 4) {
      await redeem(world, EACH);
      readings.push(await heapUsed());
    }
    const [first = 0, second = 0, third = 0, fourth = 0] = readings;
    const grown = Math.min(third, fourth) - Math.min(first, second);
    expect(world.died).to.equal(null);
    // The test's own disk keeps the journal in memory: some 450 bytes of Buffer, outside of the heap.
    expect(grown / (2 * EACH), 'bytes of heap a redemption').to.be.lessThan(800);
  });
});
