import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { memberIdOf } from '@tessera/shared/ids/member-id';
import type { Prefs } from '@tessera/shared/protocol/ui';
import { refuse } from '@tessera/shared/problem';
import { languages } from '../../../kiosk/ui/src/words/index.ts';
import type { FakeDaemon } from './support/fake-daemon.ts';
import { axeFindings, foreignWords, overflowing, tooSmall } from './support/inspect.ts';
import { gifts, plainPrefs, scenes, snapshotOf, type SceneName } from './support/scenes.ts';
import { buildScreen, drawn, openBrowser, openPage, smallest, startDaemon } from './support/stage.ts';

const memberId = memberIdOf(123_456_789);

describe('kiosk screen: what taps and the daemon do', function () {
  this.timeout(30_000);
  let browser: Browser;
  let daemon: FakeDaemon;
  let page: Page;

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const show = async (name: SceneName, more: Partial<Prefs> = {}): Promise<number> => {
    const version = daemon.show({ ...scenes[name], prefs: { ...plainPrefs, ...more } });
    await drawn(page, version);
    return version;
  };
  /** Waits until the daemon has heard this many intents. */
  const heard = async (count: number) => {
    while (daemon.intents.length < count) await page.waitForTimeout(10);
    return daemon.intents.map(({ intent }) => intent);
  };
  const type = async (digits: string): Promise<void> => {
    for (const digit of digits) await page.getByRole('button', { name: digit, exact: true }).click();
  };

  before(async () => {
    await buildScreen();
    browser = await openBrowser();
  });
  after(() => browser.close());
  beforeEach(async () => {
    daemon = await startDaemon('attract');
    page = await openPage(browser, daemon);
  });
  afterEach(async () => {
    await page.context().close();
    await daemon.stop();
  });

  it('sends every intent with the epoch and version of the snapshot that was seen', async () => {
    await button('Start').click();
    await heard(1);
    await show('identify');
    await button('Type member number').click();
    await heard(2);
    await show('choose');
    await button(/Jasmine tea/).click();
    await heard(3);
    await show('confirm');
    await button('Get it').click();
    await heard(4);
    await show('take');
    await button('Another gift').click();
    await heard(5);
    await show('failed');
    await button('Choose again').click();
    await heard(6);
    await page.locator('.tool-end').click();
    await heard(7);
    const { epoch } = daemon.snapshot;
    expect(daemon.intents).to.deep.equal([
      { epoch, version: 1, intent: { type: 'begin' } },
      { epoch, version: 2, intent: { type: 'enter_number' } },
      { epoch, version: 3, intent: { type: 'choose', rewardId: gifts[0]!.rewardId } },
      { epoch, version: 4, intent: { type: 'confirm' } },
      { epoch, version: 5, intent: { type: 'another' } },
      { epoch, version: 6, intent: { type: 'another' } },
      { epoch, version: 6, intent: { type: 'end' } },
    ]);
  });

  it('takes the second of two quick taps for the first', async () => {
    await show('confirm');
    await button('Get it').dblclick();
    await button('Get it').click();
    await heard(1);
    const after = await show('dispensing');
    expect(daemon.intents).to.have.length(1);
    expect(after).to.equal(3);
  });

  it('tells a stale tap from a fresh one, and shows what is there now', async () => {
    await show('confirm');
    daemon.onIntent = () => {
      daemon.show(scenes.choose);
      return refuse('stale_tap');
    };
    await button('Get it').click();
    await page.getByText('The screen has changed. Please look again.').waitFor();
    await page.getByRole('heading', { name: 'Choose your gift' }).waitFor();
  });

  describe('the keypad', () => {
    it('groups the number, catches a wrong digit at once, and sends only a right one', async () => {
      await show('enter-number');
      const wrong = memberId.slice(0, 9) + String((Number(memberId[9]) + 1) % 10);
      await type(wrong);
      await page.getByText('One digit is not right. Please check.').waitFor();
      await button('Next').click({ force: true });
      await button('Erase').click();
      await type(memberId[9]!);
      expect(await page.locator('.digits').innerText()).to.equal('1234 567 89' + memberId[9]!);
      await button('Next').click();
      expect(await heard(1)).to.deep.equal([{ type: 'submit_number', memberId }]);
    });

    it('takes no eleventh digit and clears with one key', async () => {
      await show('enter-number');
      await type('12345678901');
      expect(await page.locator('.digits').innerText()).to.equal('1234 567 890');
      await button('Clear').click();
      await page.getByText('Ten digits').waitFor();
    });

    it('works from a keyboard too', async () => {
      await show('enter-number');
      await page.keyboard.type(memberId + '7');
      await page.keyboard.press('Enter');
      expect(await heard(1)).to.deep.equal([{ type: 'submit_number', memberId }]);
    });

    it('never writes a PIN into the page, only dots', async () => {
      await show('enter-pin');
      await type('80422468');
      expect(await page.locator('.dot-full').count()).to.equal(8);
      const html = await page.locator('.entry-field').innerHTML();
      expect(html).not.to.match(/80422468|8042/);
      await button('Enter').click();
      expect(await heard(1)).to.deep.equal([{ type: 'submit_pin', pin: '80422468' }]);
      expect(await page.locator('.dot-full').count()).to.equal(0);
    });

    it('keeps typed digits through a change of language and forgets them with the screen', async () => {
      await show('enter-number');
      await type('123');
      await show('enter-number', { language: 'zh' });
      expect(await page.locator('.digits').innerText()).to.contain('123');
      await show('attract');
      await show('enter-number');
      expect(await page.locator('.digits').innerText()).not.to.contain('1');
    });
  });

  describe('choosing', () => {
    it('puts what can be had first and says how far the rest is', async () => {
      await show('choose');
      const names: string[] = [];
      for (let turned = 0; turned < 2; turned += 1) {
        names.push(...(await page.locator('.offer-name').allInnerTexts()));
        if (turned === 0) await button('More gifts').click();
      }
      expect(names.slice(0, 4)).to.deep.equal([
        'Jasmine tea',
        'Dark chocolate',
        'Travel mug that keeps warm',
        'Clothbound notebook',
      ]);
      expect(names.slice(4)).to.deep.equal(['Folding umbrella', 'Plush bear', 'Wool socks', 'Hand cream']);
      expect(await page.locator('.offer-state').allInnerTexts()).to.deep.equal([
        '320 more',
        '1,120 more',
        'Already yours',
        'Sold out',
      ]);
      expect(await page.locator('.offer button').count()).to.equal(0);
    });

    for (const [language, from, to] of [
      ['en', 600, 200],
      ['ar', 200, 600],
    ] as const) {
      it(`turns the page by a swipe in ${language}, and takes it for no choice`, async () => {
        await show('choose', { language });
        const first = await page.locator('.offer-name').first().innerText();
        await page.mouse.move(from, 250);
        await page.mouse.down();
        await page.mouse.move(to, 250, { steps: 5 });
        await page.mouse.up();
        await page.locator('.page-here:last-child').waitFor();
        expect(await page.locator('.offer-name').first().innerText()).not.to.equal(first);
        expect(daemon.intents).to.deep.equal([]);
      });
    }
  });

  describe('language and ease of use', () => {
    it('switches at once, to the mirrored layout and back, without a word of the other language', async () => {
      await show('choose');
      for (const [own, language] of [
        ['العربية', 'ar'],
        ['中文', 'zh'],
        ['English', 'en'],
      ] as const) {
        await page.locator('.tool').first().click();
        await page.getByRole('dialog').getByRole('button', { name: own }).click();
        await page.locator(`html[lang="${language}"]`).waitFor();
        await drawn(page, daemon.snapshot.version);
        expect(await foreignWords(page, language)).to.deep.equal([]);
      }
      expect((await heard(3)).map((intent) => intent.type)).to.deep.equal(['set_prefs', 'set_prefs', 'set_prefs']);
    });

    it('offers the panels at full size in large text, in every language', async () => {
      for (const language of ['zh', 'en', 'ar'] as const) {
        for (const tool of [0, 1]) {
          daemon.show({ ...scenes.choose, prefs: { ...plainPrefs, language, largeText: true } });
          await drawn(page, daemon.snapshot.version);
          await page.locator('.tool').nth(tool).click();
          await page.getByRole('dialog').waitFor();
          const defects = [...(await overflowing(page)), ...(await tooSmall(page)), ...(await axeFindings(page))];
          expect(defects, `${language} ${String(tool)}`).to.deep.equal([]);
          await page.keyboard.press('Escape');
        }
      }
    });

    it('turns large text and high contrast on and off', async () => {
      await show('choose');
      await button('Easier to use').click();
      await page.getByRole('switch', { name: 'Large text' }).click();
      await page.locator('html[data-text="large"]').waitFor();
      await page.getByRole('switch', { name: 'High contrast' }).click();
      await page.locator('html[data-theme="contrast"]').waitFor();
      expect(await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)).to.equal(
        'rgb(0, 0, 0)',
      );
      await page.getByRole('switch', { name: 'High contrast' }).click();
      await page.locator('html:not([data-theme])').waitFor();
    });

    it('shows the reference of a doubt on a second page in large text', async () => {
      for (const language of ['zh', 'en', 'ar'] as const) {
        daemon.show({ ...scenes['in-doubt'], prefs: { ...plainPrefs, language, largeText: true } });
        await drawn(page, daemon.snapshot.version);
        if (!(await page.locator('.qr').isVisible())) await page.locator('.actions button').first().click();
        await page.locator('.qr').waitFor();
        expect(await overflowing(page), language).to.deep.equal([]);
      }
    });

    it('says whom to ask in the language of the person where staff have written nothing', async () => {
      for (const language of ['zh', 'en', 'ar'] as const) {
        for (const name of ['out-of-service', 'failed', 'in-doubt'] as const) {
          const screen = Object.assign({}, scenes[name].screen, { help: '' });
          daemon.show({ ...scenes[name], screen, prefs: { ...plainPrefs, language } });
          await drawn(page, daemon.snapshot.version);
          expect(await page.locator('main').innerText()).to.include(languages[language].askHere);
          expect(await overflowing(page), language).to.deep.equal([]);
        }
      }
    });

    it('begins in the language that was on the screen', async () => {
      await page.locator('html[lang="ar"]').waitFor({ timeout: 10_000 });
      expect(await foreignWords(page, 'ar')).to.deep.equal([]);
      await button('ابدأ').click();
      expect(await heard(2)).to.deep.equal([{ type: 'begin' }, { type: 'set_prefs', prefs: { language: 'ar' } }]);
    });

    it('moves the focus to the question of each new screen, and lets a keyboard do everything', async () => {
      await show('confirm');
      expect(await page.evaluate(() => document.activeElement?.textContent)).to.equal('Is this your gift?');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await heard(1)).to.deep.equal([{ type: 'confirm' }]);
    });

    it('speaks what is written, when asked to, and asks for more time aloud always', async () => {
      await page.evaluate(() => {
        const said: string[] = [];
        Object.assign(window, { said });
        window.speechSynthesis.speak = (utterance) => void said.push(`${utterance.lang}: ${utterance.text}`);
      });
      const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said);
      await show('confirm');
      expect(await said()).to.deep.equal([]);
      await show('more-time');
      expect(await said()).to.deep.equal(['en: More time?']);
      daemon.show({ ...scenes.failed, prefs: { ...plainPrefs, spoken: true } });
      await drawn(page, daemon.snapshot.version);
      const [, aloud = ''] = await said();
      const written = await page.locator('main').innerText();
      for (const sentence of aloud.replace('en: ', '').split('\n')) expect(written).to.contain(sentence);
      expect(aloud).to.contain('No points were taken');
    });
  });

  describe('time', () => {
    it('asks before the time is over, and sends either answer', async () => {
      await show('more-time');
      await page.getByRole('alertdialog', { name: 'More time?' }).waitFor();
      expect(await page.evaluate(() => document.activeElement?.textContent)).to.equal('Yes, more time');
      await button('Yes, more time').click();
      expect(await heard(1)).to.deep.equal([{ type: 'more_time' }]);
      await show('confirm');
      expect(await page.getByRole('alertdialog').count()).to.equal(0);
    });

    it('takes a member off the glass when the daemon is silent after the deadline', async () => {
      const version = daemon.show({ ...scenes.choose, deadline: { leftMs: 300, ofMs: 60_000, warn: true } });
      await drawn(page, version);
      daemon.forget('01JEPOCH00000000000000000A', snapshotOf('attract'));
      await page.locator('.stage[data-screen="attract"]').waitFor({ timeout: 10_000 });
      expect(await page.content()).not.to.contain('L••');
    });
  });

  describe('nothing stays, and all comes back', () => {
    it('shows nothing of the last member to the next', async () => {
      await show('take');
      await button('Done').click();
      await heard(1);
      await show('attract');
      const left = await page.evaluate(() => document.documentElement.outerHTML);
      expect(left).not.to.match(/L••|980|example\.com/);
      const stored = await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length);
      expect(stored).to.equal(0);
    });

    for (const name of ['identify', 'enter-pin', 'choose', 'confirm', 'dispensing', 'take', 'in-doubt'] as const) {
      it(`recovers from a reload and from a daemon that restarts, at ${name}`, async () => {
        const version = await show(name);
        await page.reload();
        await drawn(page, version);
        await daemon.stop();
        await page.getByText('One moment').waitFor();
        expect(await page.content()).not.to.contain('L••');
        daemon.forget('01JEPOCH00000000000000000B', snapshotOf(name));
        await daemon.start();
        await drawn(page, 1);
        await page.locator(`.stage[data-screen="${scenes[name].screen.name}"]`).waitFor();
      });
    }

    it('draws nothing that it cannot read, and loads itself again', async () => {
      await show('choose');
      daemon.sendRaw({ version: 9, epoch: 'x', screen: { name: 'jackpot' } });
      await page.getByText('One moment').waitFor();
      await page.waitForEvent('load', { timeout: 10_000 });
      await drawn(page, daemon.snapshot.version);
    });
  });

  it('paints its ground and mark within a second on a processor four times slower', async () => {
    const paints: number[] = [];
    // The best of three: what else the machine does meanwhile is not the screen's doing.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const context = await browser.newContext({ viewport: smallest });
      const slow = await context.newPage();
      const devtools = await context.newCDPSession(slow);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
      await slow.goto(daemon.url);
      const firstPaintMs = await slow.evaluate(async () => {
        while (performance.getEntriesByName('first-contentful-paint').length === 0) {
          await new Promise((done) => requestAnimationFrame(done));
        }
        return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity;
      });
      paints.push(firstPaintMs);
      await context.close();
    }
    expect(Math.min(...paints), paints.join(', ')).to.be.at.most(1000);
  });
});
