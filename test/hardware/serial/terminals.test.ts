import { expect } from 'chai';
import { join } from 'node:path';
import { rdm6300Reader } from '@tessera/hardware/devices/card-reader';
import { ReceiptPrinter } from '@tessera/hardware/devices/printer';
import { serialScanner } from '@tessera/hardware/devices/scanner';
import type { SerialReader } from '@tessera/hardware/devices/serial-reader';
import { deviceTimeouts } from '@tessera/hardware/devices/timeouts';
import { systemClock, systemScheduler } from '@tessera/hardware/platform/system';
import { Site, until } from '../support/processes.ts';

/** The real ones, but for waiting three seconds between two scans of one text. */
const timeouts = { ...deviceTimeouts, scanRepeatMs: 200, portCheckMs: 50, printerCheckMs: 100 };
const system = { clock: systemClock, scheduler: systemScheduler, timeouts };

describe('hardware: scanner, reader and printer on real terminals', function () {
  this.timeout(60_000);
  let site: Site;
  let scanner: SerialReader;
  let reader: SerialReader;
  const scans: string[] = [];
  const cards: string[] = [];

  before(async () => {
    site = new Site();
    await site.cabinet();
    scanner = serialScanner({ path: join(site.ttyDir, 'scanner'), ...system });
    reader = rdm6300Reader({ path: join(site.ttyDir, 'reader'), ...system });
    scanner.onRead((text) => scans.push(text));
    reader.onRead((uid) => cards.push(uid));
    await healthy(scanner, true);
    await healthy(reader, true);
  });
  beforeEach(() => {
    scans.length = 0;
    cards.length = 0;
  });
  after(async () => {
    scanner.close();
    reader.close();
    await site.close();
  });

  const healthy = (device: SerialReader, wanted: boolean): Promise<true> =>
    until(() => (device.healthy === wanted ? (true as const) : undefined), `health ${String(wanted)}`);
  const come = (list: readonly string[], wanted: string): Promise<true> =>
    until(() => (list.includes(wanted) ? (true as const) : undefined), wanted);

  it('reads what is scanned, in any script', async () => {
    await site.post('/scan', { text: 'T1.01JDZV4Y3G0000000000000000.58822.abcdefghijklmnopqrstuv' });
    await come(scans, 'T1.01JDZV4Y3G0000000000000000.58822.abcdefghijklmnopqrstuv');
    await site.post('/scan', { text: '会员 ٤٢' });
    await come(scans, '会员 ٤٢');
  });

  it('gives a code once while it is held to the scanner, and a card once while it is near', async () => {
    for (let times = 0; times < 3; times += 1) await site.post('/scan', { text: 'again' });
    await site.post('/scan', { text: 'other' });
    await come(scans, 'other');
    expect(scans).to.deep.equal(['again', 'other']);
    await site.post('/card', { uid: '010063e9ae' });
    await site.post('/card', { uid: '3C00CE754C' });
    await come(cards, '3C00CE754C');
    expect(cards).to.deep.equal(['010063E9AE', '3C00CE754C']);
  });

  it('survives garbage on the line and counts it', async () => {
    const before = reader.refused;
    await site.post('/faults', { device: 'reader', fault: 'garbage' });
    await site.post('/card', { uid: '0A0B0C0D0E' });
    await come(cards, '0A0B0C0D0E');
    expect(reader.refused).to.be.greaterThan(before);
    await site.post('/faults', { device: 'reader', fault: 'none' });
  });

  it('notices a pulled plug that nobody tells of, and reads again when it is back', async () => {
    await site.post('/faults', { device: 'scanner', fault: 'unplugged' });
    await healthy(scanner, false);
    await site.post('/faults', { device: 'scanner', fault: 'none' });
    await healthy(scanner, true);
    await site.post('/scan', { text: 'back' });
    await come(scans, 'back');
  });

  it('notices a device that was replaced behind the same path', async () => {
    let downs = 0;
    scanner.onHealth((up) => (downs += up ? 0 : 1));
    await site.post('/faults', { device: 'scanner', fault: 'unplugged' });
    await site.post('/faults', { device: 'scanner', fault: 'none' });
    await until(() => (downs > 0 ? true : undefined), 'the loss of the old one');
    await healthy(scanner, true);
    await site.post('/scan', { text: 'replaced' });
    await come(scans, 'replaced');
  });

  it('prints, and says why it cannot', async () => {
    const printer = new ReceiptPrinter({ path: join(site.ttyDir, 'printer'), scheduler: systemScheduler, timeouts });
    const state = (wanted: string): Promise<true> =>
      until(() => (printer.state === wanted ? (true as const) : undefined), `printer ${wanted}`);
    await state('ready');
    expect((await printer.print(['Tessera', '谢谢 \u001b@光临', '— 300'])).ok).to.equal(true);
    await until(async () => ((await site.state()).printed.includes('谢谢 @光临') ? true : undefined), 'the receipt');
    await site.post('/faults', { device: 'printer', fault: 'paper_out' });
    await state('paper_out');
    expect(await printer.print(['nothing'])).to.deep.include({ ok: false });
    await site.post('/faults', { device: 'printer', fault: 'none' });
    await site.post('/faults', { device: 'printer', fault: 'silence' });
    await state('silent');
    expect((await printer.print(['blind'])).ok).to.equal(true);
    await site.post('/faults', { device: 'printer', fault: 'unplugged' });
    await state('unplugged');
    printer.close();
  });
});
