import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { serialScanner } from '@tessera/hardware/devices/scanner';
import { deviceTimeouts } from '@tessera/hardware/devices/timeouts';
import { systemClock, systemScheduler } from '@tessera/hardware/platform/system';
import { Site, until } from '../support/processes.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = join(root, 'test/artifacts/dock');

describe('hardware: the dock in a real browser', function () {
  this.timeout(120_000);
  let site: Site;
  let browser: Browser;
  let demo: Server;

  before(async () => {
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'hardware/src/cabinet/dock'], {
      cwd: root,
    });
    mkdirSync(pictures, { recursive: true });
    demo = createServer((_request, response) => response.end('T1.demo-code\n')).listen(0, '127.0.0.1');
    await new Promise((resolve) => demo.once('listening', resolve));
    site = new Site();
    const { port } = demo.address() as AddressInfo;
    const member = { memberId: '1234567890', pin: '2468', points: 1_240, cardUid: '010063E9AE' };
    const members = [{ ...member, qrUrl: `http://127.0.0.1:${String(port)}/` }];
    writeFileSync(join(site.dir, 'members.json'), JSON.stringify({ members }));
    await site.cabinet(['--demo-members', join(site.dir, 'members.json')]);
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  });
  after(async () => {
    await browser.close();
    demo.close();
    await site.close();
  });

  /** A page of the dock in a language, with everything that its console complained of. */
  async function dock(locale: string, options: { width?: number; dark?: boolean } = {}): Promise<[Page, string[]]> {
    const page = await browser.newPage({
      locale,
      viewport: { width: options.width ?? 1_440, height: 900 },
      colorScheme: options.dark === true ? 'dark' : 'light',
    });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(site.url);
    await page.locator('.slot').first().waitFor();
    await page.locator('.member').first().waitFor();
    return [page, complaints];
  }

  for (const [name, locale, options] of [
    ['en-light', 'en-GB', {}],
    ['zh-dark', 'zh-CN', { dark: true }],
    ['zh-phone', 'zh-CN', { width: 390 }],
  ] as const) {
    it(`is whole and accessible: ${name}`, async () => {
      const [page, complaints] = await dock(locale, options);
      // Before the picture: taking it, and axe, put styles in that the dock's own policy refuses.
      expect(complaints).to.deep.equal([]);
      await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(wide).to.equal(false);
      await page.evaluate(axe);
      const found = await page.evaluate('axe.run().then((result) => result.violations.map(({ id }) => id))');
      expect(found).to.deep.equal([]);
      await page.close();
    });
  }

  it('breaks and mends a slot, shows what fell, and lets the gift be picked up', async () => {
    const [page] = await dock('en-GB');
    await page.locator('.slot').nth(2).click();
    await page.getByRole('button', { name: 'Jam', exact: true }).click();
    await until(async () => ((await site.state()).slots[2]?.faults[0] === 'jam' ? true : undefined), 'the jam');
    await page.locator('.slot', { hasText: 'Jam' }).waitFor();
    await page.getByRole('button', { name: 'Mend', exact: true }).click();
    await until(async () => ((await site.state()).slots[2]?.faults.length === 0 ? true : undefined), 'the mending');
    await page.getByRole('button', { name: 'Knock one down now' }).click();
    await page.getByRole('button', { name: 'In the tray: 1' }).click();
    await page.getByText('Taken from the tray.').waitFor();
    expect((await site.state()).tray).to.equal(0);
    await page.getByRole('cell', { name: 'Slot 3' }).waitFor();
    await page.close();
  });

  it("scans a demo member's present code with one click, and what was typed with another", async () => {
    const scans: string[] = [];
    const system = { clock: systemClock, scheduler: systemScheduler, timeouts: deviceTimeouts };
    const scanner = serialScanner({ path: join(site.ttyDir, 'scanner'), ...system });
    scanner.onRead((text) => scans.push(text));
    await until(() => (scanner.healthy ? true : undefined), 'the scanner');
    const [page] = await dock('zh-CN');
    await page.getByRole('button', { name: '扫会员码' }).click();
    await until(() => (scans.includes('T1.demo-code') ? true : undefined), 'the code');
    await page.getByPlaceholder('二维码内容').fill('typed');
    await page.getByRole('button', { name: '扫码', exact: true }).click();
    await until(() => (scans.includes('typed') ? true : undefined), 'the typed text');
    scanner.close();
    await page.close();
  });
});
