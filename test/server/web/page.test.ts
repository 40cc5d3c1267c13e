import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openAlliance, signInFirst, vend, type Alliance } from '../support/alliance.ts';
import type { FakeKiosk } from '../support/kiosk.ts';
import { artifacts, buildPage, openBrowser, openPage, settled, signIn } from './support/browser.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Violation = { readonly id: string; readonly nodes: readonly { readonly target: readonly unknown[] }[] };

/** What axe finds on the page as it stands. The policy of the page forbids inline scripts, so axe comes by the debugger. */
async function axe(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await checker.run()).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((n) => n.target.join(' ')).join(', ')}`,
    );
  });
  return found;
}

describe('the operations page', function () {
  this.timeout(60_000);
  let alliance: Alliance;
  let kiosk: FakeKiosk;
  let browser: Browser;
  let doubt: string;
  const opened: Page[] = [];

  before(async () => {
    mkdirSync(artifacts, { recursive: true });
    await buildPage();
    [alliance, browser] = await Promise.all([openAlliance(), openBrowser()]);
    kiosk = await alliance.connectKiosk();
    await signInFirst(alliance, kiosk);
    await vend(kiosk, 1, 'dropped');
    await vend(kiosk, 2, 'not_dropped');
    doubt = await vend(kiosk, 3, 'unknown');
    await vend(kiosk, 4, 'unknown');
    await kiosk.must('status', {
      screen: 'attract',
      problems: ['slot 3: in_doubt'],
      tray: 'empty',
      door: 'closed',
      outbox: 0,
      journalHead: kiosk.write(),
    });
  });

  after(async () => {
    await browser.close();
    await alliance.close();
  });

  afterEach(async () => {
    for (const page of opened.splice(0)) await page.context().close();
  });

  /** A signed-in page at one of its addresses, without a word on its console. */
  async function desk(address = '', who: 'admin' | 'second' = 'admin', options?: BrowserContextOptions): Promise<Page> {
    const page = await openPage(browser, alliance.url, options);
    page.on('pageerror', (error) => {
      throw error;
    });
    opened.push(page);
    const { login, password } = alliance.seeded[who];
    await signIn(page, login, password);
    await page.goto(`${alliance.url}/admin/${address}`);
    return page;
  }

  const slot = (page: Page, number: number) => page.locator(`#slot-${String(number)}`);

  it('lets nobody in without the right password, and says so', async () => {
    const page = await openPage(browser, alliance.url);
    opened.push(page);
    expect(await axe(page)).to.deep.equal([]);
    await page.locator('input[name=login]').fill(alliance.seeded.admin.login);
    await page.locator('input[name=password]').fill('not the password');
    await page.locator('button[type=submit]').click();
    await page.getByRole('alert').waitFor();
    expect(await page.locator('.rail').count()).to.equal(0);
  });

  it('draws the cabinet as it stands: places, levels, states with icon and word', async () => {
    const page = await desk('#/kiosks');
    await slot(page, 8).waitFor();
    expect(await page.locator('.slot').count()).to.equal(8);
    expect(await slot(page, 1).innerText())
      .to.include('Jasmine tea')
      .and.to.include('7 of 8')
      .and.to.include('In service');
    expect(await slot(page, 3).innerText()).to.include('In doubt');
    expect(await slot(page, 7).innerText()).to.include('Low');
    expect(await page.locator('.kiosk-facts').innerText())
      .to.include('Waiting for a member')
      .and.to.include('Slot 3');
  });

  it('shows a drop without being asked', async () => {
    const page = await desk('#/kiosks');
    await slot(page, 5).getByText('12 of 12').waitFor();
    await vend(kiosk, 5, 'dropped');
    await slot(page, 5).getByText('11 of 12').waitFor();
  });

  it('loads a slot once, by keyboard alone', async () => {
    const page = await desk('#/kiosks');
    await slot(page, 6).focus();
    await page.keyboard.press('Enter');
    const panel = page.locator('.slot-panel');
    await panel.locator('h2').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).to.equal('Slot 6');
    await panel.locator('input[name=quantity]').focus();
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    await panel.getByRole('status').waitFor();
    await slot(page, 6).getByText('4 of 4').waitFor();
    await panel.locator('input[name=quantity]').fill('5');
    await page.keyboard.press('Enter');
    await panel.getByRole('alert').getByText('There is no room for so many.').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.id)).to.equal('slot-6');
  });

  it('hides what is expected while one counts, in the panel and in the drawing; the count settles the doubt', async () => {
    const page = await desk(`#/kiosks/${kiosk.kioskId}?slot=4&do=count`);
    const panel = page.locator('.slot-panel');
    await panel.locator('input[name=counted]').waitFor();
    expect(await panel.locator('.figures').innerText()).to.not.match(/\d/);
    expect(await slot(page, 4).innerText()).to.not.include('of 6');
    await page.screenshot({ path: join(artifacts, 'count.png') });
    await panel.locator('input[name=counted]').fill('5');
    await panel.locator('button[type=submit]').click();
    await panel.getByRole('status').getByText('nothing in doubt fell').waitFor();
    await slot(page, 3).waitFor();
    await panel.getByRole('button', { name: 'Load' }).click();
    await slot(page, 4).getByText('In service').waitFor();
  });

  it('takes a slot out of service and back', async () => {
    const page = await desk(`#/kiosks/${kiosk.kioskId}?slot=8&do=service`);
    const panel = page.locator('.slot-panel');
    await panel.locator('input[name=reason]').fill('spiral bent');
    await panel.getByRole('button', { name: 'Take out of service' }).click();
    await slot(page, 8).getByText('Out of service').waitFor();
    await panel.getByRole('button', { name: 'Return to service' }).click();
    await slot(page, 8).getByText('In service').waitFor();
  });

  it('keeps the filters of the redemptions in the address', async () => {
    const page = await desk('#/redemptions?state=captured');
    await page.locator('tbody tr').first().waitFor();
    const states = await page.locator('tbody tr td:nth-child(2)').allInnerTexts();
    expect(new Set(states)).to.deep.equal(new Set(['Handed over']));
    await page.locator('select[name=state]').selectOption('in_doubt');
    await page.waitForURL(/state=in_doubt/);
    await page.locator('tbody tr').getByText('In doubt').waitFor();
    expect(await page.locator('tbody tr').count()).to.equal(1);
    await page.locator('tbody tr a').first().click();
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    expect(await page.locator('.timeline').innerText()).to.include('Nobody can tell whether it dropped');
  });

  it('ends a doubt by two people: the one who proposes cannot confirm', async () => {
    const first = await desk(`#/redemptions/${doubt}`);
    await first.getByLabel('No gift came out').check();
    await first.locator('input[name=reason]').fill('it hangs in the spiral');
    await first.getByRole('button', { name: 'Propose' }).click();
    await first.getByText('Another person has to confirm it.').waitFor();
    expect(await first.getByRole('button', { name: 'Confirm' }).count()).to.equal(0);
    await first.screenshot({ path: join(artifacts, 'proposed.png') });

    const second = await desk(`#/redemptions/${doubt}`, 'second');
    await second.getByText('“it hangs in the spiral”', { exact: true }).waitFor();
    await second.getByRole('button', { name: 'Confirm' }).click();
    await first.getByText('Two staff decided: points given back').waitFor();
    expect(await first.locator('.panel .tag').first().innerText()).to.equal('Given back');
  });

  it('shows mailbox, differences, audit, pick-ups, and a check that holds', async () => {
    const page = await desk('#/messages');
    await page.getByText('未扣积分').first().waitFor();
    await page.goto(`${alliance.url}/admin/#/audit`);
    await page.getByText('redemption.dropped').first().waitFor();
    await page.goto(`${alliance.url}/admin/#/differences`);
    await page.getByRole('heading', { name: 'Physical differences' }).waitFor();
    await page.goto(`${alliance.url}/admin/#/check`);
    await page.getByText('Everything holds.').waitFor();
    expect(await page.locator('.checks .tag').allInnerTexts()).to.not.include('broken');
  });

  it('shows an order for pick-up with its code, and asks for its cancellation', async () => {
    const { seeded, url } = alliance;
    const body = {
      memberId: seeded.members[0]?.memberId,
      kioskId: kiosk.kioskId,
      rewardId: seeded.rewards[7]?.rewardId,
    };
    const answer = await fetch(`${url}/v1/pickups`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${seeded.admin.token}`,
        'content-type': 'application/json',
        'idempotency-key': kiosk.newId(),
      },
      body: JSON.stringify(body),
    });
    const order = (await answer.json()) as { redemptionId: string; code: string };
    const page = await desk('#/pickups');
    await page.locator(`a[title="${order.redemptionId}"]`).click();
    await page.getByText(order.code).waitFor();
    await page.getByRole('button', { name: 'Cancel the order' }).click();
    await page.getByText('waiting for the kiosk').waitFor();
  });

  it('says at once that the server is gone, keeps the last picture, and comes back by itself', async () => {
    const page = await desk('#/kiosks');
    await slot(page, 1).waitFor();
    await page.route('**/v1/**', (route) => route.abort());
    await page.getByRole('alert').getByText('No answer from the server').waitFor({ timeout: 15_000 });
    expect(await page.locator('.slot').count()).to.equal(8);
    await page.unroute('**/v1/**');
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 15_000 });
  });

  it('forgets the session when one signs out, here and on the server', async () => {
    const page = await desk('#/kiosks');
    await slot(page, 1).waitFor();
    const token = await page.evaluate(
      () => (JSON.parse(sessionStorage.getItem('tessera.session') ?? '{}') as { token: string }).token,
    );
    const ended = page.waitForResponse((response) => response.url().endsWith('/v1/admin/sessions/current'));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('input[name=login]').waitFor();
    await ended;
    expect(await page.evaluate(() => sessionStorage.getItem('tessera.session'))).to.equal(null);
    const me = await fetch(`${alliance.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(me.status).to.equal(401);
  });

  for (const [language, locale] of [
    ['zh', 'zh-CN'],
    ['en', 'en-GB'],
    ['ar', 'ar-EG'],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`speaks ${language} in ${colorScheme}: axe finds nothing, nothing overflows`, async () => {
        const page = await desk('', 'admin', { locale, colorScheme });
        for (const [name, address] of [
          ['kiosks', `#/kiosks/${kiosk.kioskId}?slot=3&do=count`],
          ['redemptions', '#/redemptions'],
          ['redemption', `#/redemptions/${doubt}`],
          ['messages', '#/messages'],
          ['differences', '#/differences'],
          ['audit', '#/audit'],
          ['check', '#/check'],
        ] as const) {
          await page.goto(`${alliance.url}/admin/${address}`);
          await page.locator('main .view').waitFor();
          await page.waitForFunction(() => document.querySelector('main .loading') === null);
          await settled(page);
          expect(await page.evaluate(() => document.documentElement.lang)).to.equal(language);
          expect(await axe(page), `${name} in ${language}`).to.deep.equal([]);
          for (const [width, height] of [
            [1440, 900],
            [390, 844],
          ] as const) {
            await page.setViewportSize({ width, height });
            await settled(page);
            const wide = await page.evaluate(
              () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            expect(wide, `${name} in ${language} at ${String(width)}`).to.be.at.most(0);
            await page.screenshot({ path: join(artifacts, `${name}-${language}-${colorScheme}-${String(width)}.png`) });
          }
        }
      });
    }
  }
});
