import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Disk, OpenMode } from '@tessera/kiosk-daemon/platform/disk';
import { nodeDisk } from '@tessera/kiosk-daemon/platform/node-disk';
import { LossyDisk } from '../../scripts/src/simulate/lossy-disk.ts';
import { SeededChance } from '../../scripts/src/simulate/seeded-chance.ts';

type Deed =
  | {
      readonly kind: 'write';
      readonly name: string;
      readonly mode: OpenMode;
      readonly parts: readonly Uint8Array[];
      readonly syncs: boolean;
    }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'remove' | 'read' | 'sync_folder'; readonly name: string }
  | { readonly kind: 'list'; readonly folder: string }
  /** The daemon is killed, and another one opens the disk. */
  | { readonly kind: 'kill' };

const name = fc.constantFrom('journal.log', 'journal.log.tmp', 'config.json', 'pictures/a', 'pictures/b');
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    name,
    mode: fc.constantFrom('fresh' as const, 'durable' as const),
    parts: fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 3 }),
    syncs: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('rename' as const), from: name, to: name }),
  fc.record({ kind: fc.constantFrom('remove' as const, 'read' as const, 'sync_folder' as const), name }),
  fc.record({ kind: fc.constant('list' as const), folder: fc.constant('pictures') }),
  fc.record({ kind: fc.constant('kill' as const) }),
);

const hex = (bytes: Uint8Array | undefined): string => (bytes ? Buffer.from(bytes).toString('hex') : 'none');

/** What a deed answers, in words that two disks can be compared by. */
async function doOn(disk: Disk, what: Exclude<Deed, { kind: 'kill' }>): Promise<string> {
  switch (what.kind) {
    case 'write': {
      const file = await disk.open(what.name, what.mode);
      for (const part of what.parts) await file.append(part);
      if (what.syncs) await file.sync();
      await file.close();
      return 'written';
    }
    case 'rename':
      return disk.rename(what.from, what.to).then(
        () => 'renamed',
        () => 'refused',
      );
    case 'remove':
      await disk.remove(what.name);
      return 'removed';
    case 'sync_folder':
      await disk.syncDir(what.name);
      return 'synced';
    case 'read':
      return hex(await disk.read(what.name));
    case 'list':
      return [...(await disk.list(what.folder))].sort().join(' ');
  }
}

/** Everything that a disk holds. */
async function content(disk: Disk): Promise<string[]> {
  const names = ['journal.log', 'journal.log.tmp', 'config.json', 'pictures/a', 'pictures/b'];
  return Promise.all(names.map(async (each) => `${each}: ${hex(await disk.read(each))}`));
}

describe('the simulated disk', function () {
  this.timeout(120_000);
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tessera-disk-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers and holds what the real one does, over any deeds and kills', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 25 }), async (deeds) => {
        const root = join(folder, String((run += 1)));
        const lossy = new LossyDisk(new SeededChance(1));
        let [real, simulated] = [await nodeDisk(root), lossy.mount(() => true)];
        // The folder is there before anything is asked of it, as in a kiosk that has started once.
        for (const disk of [real, simulated]) await (await disk.open('pictures/first', 'fresh')).close();
        for (const each of deeds) {
          if (each.kind === 'kill') {
            lossy.crash(false);
            [real, simulated] = [await nodeDisk(root), lossy.mount(() => true)];
          } else expect(await doOn(simulated, each)).to.equal(await doOn(real, each));
        }
        expect(await content(simulated)).to.deep.equal(await content(real));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps through a power cut what was synced, and of the rest a part at most', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 6 }),
        fc.nat(5),
        async (seed, parts, syncedParts) => {
          const lossy = new LossyDisk(new SeededChance(seed));
          const disk = lossy.mount(() => true);
          const file = await disk.open('journal.log', 'fresh');
          await disk.syncDir('journal.log');
          for (const [index, part] of parts.entries()) {
            await file.append(part);
            if (index < syncedParts) await file.sync();
          }
          lossy.crash(true);
          const left = Buffer.from((await lossy.mount(() => true).read('journal.log')) ?? []);
          const all = Buffer.concat(parts);
          const safe = Buffer.concat(parts.slice(0, syncedParts)).length;
          expect(left.length).to.be.within(safe, all.length);
          expect(left.subarray(0, safe).equals(all.subarray(0, safe))).to.equal(true);
          for (const [at, byte] of left.entries()) expect(byte).to.be.oneOf([all[at], 0]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
