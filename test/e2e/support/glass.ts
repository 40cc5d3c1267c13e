import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Language } from '@tessera/shared/ids/schemas';
import type { ScreenName } from '@tessera/shared/protocol/ui';
import { languages, type Words } from '../../../kiosk/ui/src/words/index.ts';
import { shotPath } from './browser.ts';

/** Longest that a screen may take to come: a whole vend with its settle window, on a busy machine. */
const PATIENCE_MS = 30_000;

type AxeRun = {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
};

/** The kiosk's touchscreen in a real browser, as a person uses it: by its words, in one language. */
export class Glass {
  readonly page: Page;
  readonly words: Words;

  private constructor(page: Page, words: Words) {
    this.page = page;
    this.words = words;
  }

  static async open(browser: Browser, url: string, language: Language): Promise<Glass> {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      hasTouch: true,
      reducedMotion: 'reduce',
    });
    await page.goto(url);
    return new Glass(page, languages[language]);
  }

  /** Waits until a screen is shown. */
  screen(name: ScreenName): Promise<void> {
    return this.page.locator(`[data-screen="${name}"]`).waitFor({ timeout: PATIENCE_MS });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async tap(name: string): Promise<void> {
    await this.button(name).click({ timeout: PATIENCE_MS });
  }

  /** All words on the glass. */
  text(): Promise<string> {
    return this.page.locator('.stage').innerText();
  }

  async keepPicture(name: string): Promise<void> {
    await this.page.screenshot({ path: shotPath(`${name}-${this.words.language}`) });
  }

  /** What axe finds wrong with the present screen. */
  async accessibilityFaults(): Promise<string[]> {
    // The page's own policy forbids foreign scripts; the driver's evaluation is not bound by it.
    await this.page.evaluate(axe.source);
    const run = await this.page.evaluate<AxeRun>('axe.run(document, { resultTypes: ["violations"] })');
    return run.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  }

  /** Leaves whatever is on the glass, as an impatient person does, until the machine waits for the next one. */
  async home(): Promise<void> {
    const leave = [this.words.end, this.words.done, this.words.back].map((word) => this.button(word));
    const attract = this.page.locator('[data-screen="attract"]');
    for (let step = 0; step < 10 && (await attract.count()) === 0; step += 1) {
      for (const button of leave) {
        if ((await button.count()) === 0) continue;
        // The screen may change under the finger; then the next step looks again.
        await button
          .first()
          .click({ timeout: 1_000 })
          .catch(() => undefined);
        break;
      }
      await this.page.waitForTimeout(300);
    }
    await this.screen('attract');
  }

  /** From the attract screen to the question who is there. */
  async begin(): Promise<void> {
    await this.screen('attract');
    await this.page.locator('.button-primary').click();
    await this.screen('identify');
    await this.speak();
  }

  async typeNumber(memberId: string): Promise<void> {
    await this.tap(this.words.identify.typeNumber);
    await this.screen('enter_number');
    await this.digits(memberId);
    await this.tap(this.words.number.next);
    await this.screen('enter_pin');
  }

  async typePin(pin: string): Promise<void> {
    await this.digits(pin);
    await this.tap(this.words.pin.enter);
  }

  /** Chooses a gift by its name, or the first that can be had, on whichever page it stands; comes to the last question. */
  async choose(gift = ''): Promise<void> {
    await this.screen('choose');
    await this.speak();
    const card = this.page.locator('button.offer-card', { hasText: gift });
    const next = this.button(this.words.choose.next);
    while ((await card.count()) === 0 && (await next.getAttribute('aria-disabled')) === 'false') await next.click();
    await card.first().click();
    await this.screen('confirm');
  }

  close(): Promise<void> {
    return this.page.close();
  }

  private async digits(text: string): Promise<void> {
    for (const digit of text)
      await this.page.locator('.keypad').getByRole('button', { name: digit, exact: true }).click();
  }

  /** Sets the language by the header, as a person does; a member's own language may have come first. */
  async speak(): Promise<void> {
    if ((await this.page.locator('html').getAttribute('lang')) === this.words.language) return;
    await this.page.locator('header button.tool[aria-haspopup]').first().click();
    await this.page.locator(`button.choice[lang="${this.words.language}"]`).click();
    await this.page.locator(`html[lang="${this.words.language}"]`).waitFor({ timeout: PATIENCE_MS });
  }
}
