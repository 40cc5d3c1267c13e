import { createHash } from 'node:crypto';
import { constants, mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile, type Disk } from '@tessera/kiosk-daemon/platform/disk';
import { nodeDisk } from '@tessera/kiosk-daemon/platform/node-disk';
import type { LogEvent } from '@tessera/kiosk-daemon/platform/log-events';
import { PictureCache } from '@tessera/kiosk-daemon/store/pictures';
import { openKioskStore } from '@tessera/kiosk-daemon/store/stores';
import { expect } from 'chai';
import fc from 'fast-check';
import { LossyDisk } from '../../../../scripts/src/simulate/lossy-disk.ts';
import { SeededChance } from '../../../../scripts/src/simulate/seeded-chance.ts';

const logged: LogEvent[] = [];
const open = (disk: Disk, fatal: (error: unknown) => void = () => undefined) =>
  openKioskStore({ disk, log: (event) => logged.push(event), hit: () => undefined, fatal });

describe('stores', () => {
  it('lose nothing that was acknowledged, whenever the power goes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 12 }), async (seed, writes) => {
        const lossy = new LossyDisk(new SeededChance(seed));
        const store = await open(lossy.mount(() => true));
        let acknowledged = 0;
        for (let counter = 1; counter <= writes; counter += 1) {
          // The last write is cut off at some point of its dance.
          const write = store.update({ counter });
          if (counter < writes) {
            await write;
            acknowledged = counter;
          } else {
            for (let turn = 0; turn < seed % 9; turn += 1) await Promise.resolve();
          }
        }
        lossy.crash(true);
        const again = await open(lossy.mount(() => true));
        expect(again.data.counter).to.be.within(acknowledged, writes);
      }),
    );
  });

  it('keep through a power cut what a daemon read that its predecessor had renamed and not synced', async () => {
    // Whether a cut takes a name back is a matter of chance: some of these do.
    for (let seed = 0; seed < 8; seed += 1) {
      const lossy = new LossyDisk(new SeededChance(seed));
      await (await open(lossy.mount(() => true))).update({ counter: 1 });
      // It dies between the rename and the sync of the folder.
      let isDead = false;
      const dying = lossy.mount(() => !isDead);
      const rename: Disk['rename'] = async (from, to) => {
        await dying.rename(from, to);
        isDead = true;
      };
      void (await open({ ...dying, rename })).update({ counter: 2 });
      await new Promise((done) => setImmediate(done));
      expect((await open(lossy.mount(() => true))).data.counter).to.equal(2);
      lossy.crash(true);
      expect((await open(lossy.mount(() => true))).data.counter, `seed ${String(seed)}`).to.equal(2);
    }
  });

  it('merge writes that wait, and answer each when it is durable', async () => {
    let renames = 0;
    const disk = new LossyDisk(new SeededChance(1)).mount(() => true);
    const store = await open({ ...disk, rename: (from, to) => ((renames += 1), disk.rename(from, to)) });
    await Promise.all(Array.from({ length: 20 }, (_, counter) => store.update({ counter: counter + 1 })));
    expect(renames).to.equal(2);
    expect((await open(disk)).data.counter).to.equal(20);
  });

  it('answer nobody after a failed sync, and end the process', async () => {
    const fatals: unknown[] = [];
    const disk = new LossyDisk(new SeededChance(1)).mount(() => true);
    const broken: Disk = { ...disk, syncDir: () => Promise.reject(new Error('EIO')) };
    const store = await open(broken, (error) => fatals.push(error));
    let answered = false;
    void store.update({ counter: 1 }).then(() => (answered = true));
    await new Promise((done) => setImmediate(done));
    expect(fatals).to.have.length(1);
    expect(answered).to.equal(false);
  });

  for (const content of ['', '{', '{"counter":"three"}', '[]']) {
    it(`put ${JSON.stringify(content)} aside and begin anew`, async () => {
      const disk = new LossyDisk(new SeededChance(1)).mount(() => true);
      await replaceFile(disk, 'kiosk.json', Buffer.from(content));
      logged.length = 0;
      expect((await open(disk)).data.kioskId).to.equal(null);
      expect(logged).to.deep.equal(['store_damaged']);
      expect(await disk.read('kiosk.json.damaged')).to.not.equal(undefined);
    });
  }
});

describe('pictures', () => {
  const picture = Buffer.from('<svg/>');
  const name = `${createHash('sha256').update(picture).digest('hex')}.svg`;
  const path = `/v1/pictures/${name}`;

  async function cache(answers: Record<string, Uint8Array>) {
    const disk = new LossyDisk(new SeededChance(1)).mount(() => true);
    const fetchPicture = (asked: string) => Promise.resolve(answers[asked]);
    return { disk, pictures: await PictureCache.open({ disk, fetchPicture, log: () => undefined }) };
  }

  it('are shown from disk once they were fetched, and dropped when no reward shows them', async () => {
    const { disk, pictures } = await cache({ [path]: picture });
    expect(pictures.localPath(path)).to.equal(null);
    expect(await pictures.sync([path])).to.equal(true);
    expect(pictures.localPath(path)).to.equal(`/pictures/${name}`);
    expect(Buffer.from((await pictures.read(name))!).equals(picture)).to.equal(true);
    expect(await pictures.sync([path])).to.equal(false);
    await pictures.sync([]);
    expect(pictures.localPath(path)).to.equal(null);
    expect(await disk.list('pictures')).to.deep.equal([]);
  });

  it('are not believed when they differ from their name, are too large, or are named to lead elsewhere', async () => {
    const large = Buffer.alloc(600_000);
    const largePath = `/v1/pictures/${createHash('sha256').update(large).digest('hex')}.png`;
    const evil = '/v1/pictures/../../device.key';
    const { pictures } = await cache({ [path]: Buffer.from('other'), [largePath]: large, [evil]: picture });
    expect(await pictures.sync([path, largePath, evil])).to.equal(false);
    for (const each of [path, largePath, evil]) expect(pictures.localPath(each)).to.equal(null);
    expect(await pictures.read('../kiosk.json')).to.equal(undefined);
  });
});

/** With which flags this process has a file open, as the kernel tells it. */
async function flagsOf(path: string): Promise<number> {
  for (const fd of await readdir('/proc/self/fd')) {
    if ((await readlink(`/proc/self/fd/${fd}`).catch(() => '')) !== path) continue;
    const info = await readFile(`/proc/self/fdinfo/${fd}`, 'utf8');
    return parseInt(/^flags:\s*(\d+)$/m.exec(info)?.[1] ?? '', 8);
  }
  throw new Error(`${path} is not open`);
}

describe('the real disk', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'tessera-disk-'))));
  after(() => rm(folder, { recursive: true }));

  it('does what the port says, for its owner alone', async () => {
    const disk = await nodeDisk(join(folder, 'data'));
    expect(await disk.read('a')).to.equal(undefined);
    expect(await disk.list('sub')).to.deep.equal([]);
    await replaceFile(disk, 'sub/a', Buffer.from('one'));
    const file = await disk.open('sub/a', 'durable');
    await file.append(Buffer.from('two'));
    expect(await flagsOf(join(folder, 'data/sub/a')), 'O_DSYNC: the kernel writes through').to.satisfy(
      (flags: number) => (flags & constants.O_DSYNC) !== 0,
    );
    await file.close();
    expect(Buffer.from((await disk.read('sub/a'))!).toString()).to.equal('onetwo');
    expect(await disk.list('sub')).to.deep.equal(['a']);
    expect((await stat(join(folder, 'data/sub/a'))).mode & 0o777).to.equal(0o600);
    expect(await disk.freeBytes()).to.be.greaterThan(0);
    await disk.remove('sub/a');
    await disk.remove('sub/a');
    expect(await disk.list('sub')).to.deep.equal([]);
  });

  it('never leaves its folder', async () => {
    const disk = await nodeDisk(join(folder, 'data'));
    let thrown = '';
    await disk.read('../outside').catch((error: unknown) => (thrown = String(error)));
    expect(thrown).to.include('stays in the data folder');
  });
});
