import { createHash } from 'node:crypto';
import { JOURNAL_FILE } from '@tessera/kiosk-daemon/journal/open';
import { readEnrolOptions, readServeOptions } from '@tessera/kiosk-daemon/options';
import { expect } from 'chai';
import { pickupCode, qr, sampleConfig } from './support/samples.ts';
import { World } from './support/world.ts';

describe('a kiosk that cannot start to serve', () => {
  it('says that its journal is damaged, and does nothing else', async () => {
    const world = await World.serving();
    await world.confirmTea(qr, sampleConfig().rewards[0]!.rewardId);
    await world.until('take');
    world.kill();
    const disk = world.disk.mount(() => true);
    const bytes = Buffer.from((await disk.read(JOURNAL_FILE))!);
    bytes[60] = bytes[60]! ^ 1;
    const file = await disk.open(JOURNAL_FILE, 'fresh');
    await file.append(bytes);
    const hellos = world.server.hellos.length;
    await world.start();
    await world.pass(60_000);
    expect(world.screen).to.deep.include({
      name: 'out_of_service',
      reasons: ['journal_damaged'],
      pickupPossible: false,
    });
    world.scanner.read(pickupCode(30));
    world.scanner.read(qr);
    await world.pass(1000);
    expect(world.screen.name).to.equal('out_of_service');
    expect(world.server.hellos.length, 'not a word to the server').to.equal(hellos);
    expect(world.said('journal_damaged')).to.equal(true);
    await world.daemon.stop();
  });

  it('says that it is not enrolled', async () => {
    const world = await World.enrolled();
    const disk = world.disk.mount(() => true);
    await disk.remove('device.key');
    await world.start();
    await world.pass(1000);
    expect(world.screen).to.deep.include({ name: 'out_of_service', reasons: ['not_enrolled'] });
  });

  it('says that its disk is full, and serves again when there is room', async () => {
    const world = await World.enrolled();
    world.freeBytes = 10;
    await world.start();
    await world.pass(5000);
    expect(world.screen).to.deep.include({ name: 'out_of_service', reasons: ['disk_full'], pickupPossible: false });
    world.freeBytes = 1e9;
    await world.pass(31_000);
    expect(world.screen.name).to.equal('attract');
  });
});

describe('pictures', () => {
  it('come of the newest configuration too, where it arrived while those of an older one were fetched', async () => {
    const world = await World.serving();
    const pathOf = (bytes: Buffer): string => {
      const path = `/v1/pictures/${createHash('sha256').update(bytes).digest('hex')}.svg`;
      world.pictures.set(path, bytes);
      return path;
    };
    const { planogram: before, rewards } = sampleConfig();
    const push = (revision: number, pictures: readonly (string | null)[]): void =>
      world.server.push({
        ...sampleConfig(),
        planogram: { ...before, revision },
        rewards: rewards.map((reward, index) => ({ ...reward, picture: pictures[index] ?? null })),
      });
    const [first, second] = [pathOf(Buffer.from('<svg id="1"/>')), pathOf(Buffer.from('<svg id="2"/>'))];
    push(20, [first]);
    await world.pass(50);
    push(21, [first, second]);
    await world.pass(1000);
    expect(world.screen.name === 'attract' && world.screen.gifts.map(({ picture }) => picture !== null)).to.deep.equal([
      true,
      true,
    ]);
  });
});

describe('a stop', () => {
  it('lets a running redemption end first', async () => {
    const world = await World.serving();
    await world.confirmTea(qr, sampleConfig().rewards[0]!.rewardId);
    await world.when(() => world.daemon.controller.state === 'vending', 'vending');
    let isStopped = false;
    void world.daemon.stop().then(() => (isStopped = true));
    await world.when(() => isStopped, 'the stop');
    expect(world.said('stopped')).to.equal(true);
    expect(world.logged.some(([, facts]) => facts?.['step'] === 'saw_drop')).to.equal(true);
  });
});

describe('command line', () => {
  const flags = (change: Record<string, string> = {}): string[] =>
    Object.entries({
      data: 'd',
      port: '1',
      ui: 'u',
      server: 'http://s',
      guard: 'g',
      wiring: 'w',
      inputs: 'i',
      scanner: 's',
      reader: 'r',
      ...change,
    }).flatMap(([name, value]) => [`--${name}`, value]);

  it('takes what it needs, and teaches the rest', () => {
    expect(readServeOptions(flags())).to.deep.include({ kind: 'run' });
    const help = readServeOptions(['--help']);
    expect(help.kind === 'print' && help.exitCode).to.equal(0);
    for (const wrong of [{ port: 'x' }, { server: 'ftp://x' }, { language: 'fr' }, { wat: '1' }]) {
      const read = readServeOptions(flags(wrong));
      expect(read.kind === 'print' && read.exitCode, JSON.stringify(wrong)).to.equal(2);
    }
    expect(readEnrolOptions(['--data', 'd', '--server', 'http://s', '--code', 'c']).kind).to.equal('run');
    expect(readEnrolOptions(['--data', 'd', '--server', 'http://s']).kind).to.equal('print');
  });
});

describe('a reader that is not there', () => {
  it('is told to the member who begins, to the staff, and forgotten when it is back', async () => {
    const world = await World.serving();
    const noteNow = (): unknown => (world.screen.name === 'identify' ? world.screen.note : 'another screen');
    const problems = (): unknown => world.server.of('status').at(-1)?.problems;
    world.scanner.plug(false);
    expect(world.tap({ type: 'begin' })).to.equal('ok');
    expect(noteNow()).to.deep.equal({ code: 'scanner_away' });
    world.card.plug(false);
    expect(noteNow()).to.deep.equal({ code: 'readers_away' });
    world.scanner.plug(true);
    expect(noteNow()).to.deep.equal({ code: 'card_reader_away' });
    await world.pass(10_000);
    expect(problems()).to.deep.equal(['card: away']);
    world.card.plug(true);
    expect(noteNow()).to.equal(null);
    await world.pass(10_000);
    expect(problems()).to.deep.equal([]);
  });
});
