import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

/** The kiosk's screen, which notes the wall-clock time (ms) of the last tap. */
export async function openKiosk(
  browser: Browser,
  url: string,
): Promise<{ page: Page; tappedAt: () => Promise<number> }> {
  const glass = { viewport: { width: 1280, height: 800 }, hasTouch: true, reducedMotion: 'reduce' } as const;
  const page = await browser.newPage(glass);
  await page.addInitScript(
    `document.addEventListener('click', () => { window.tappedAt = performance.timeOrigin + performance.now(); }, true);`,
  );
  await page.goto(url);
  return { page, tappedAt: () => page.evaluate<number>('window.tappedAt') };
}

/** The least that anybody looks at a gift before touching the button, ms: a finger needs as long to get there. */
const LOOK_MS = 400;

/** Looks, then touches “get it” as a finger does: without the hovering, waiting and scrolling of a mouse that is driven by a script. */
export async function tapConfirm(page: Page): Promise<void> {
  const button = page.locator('[data-screen="confirm"] .button-primary');
  await button.waitFor();
  const box = await button.boundingBox();
  if (!box) throw new Error('The button is not on the glass.');
  await page.waitForTimeout(LOOK_MS);
  await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
}

/** The client as a script for a page lies beside the one for node. */
const clientEntry = createRequire(import.meta.url).resolve('socket.io-client');

/** A page that asks through the bare path; each question answers how long its acknowledgement took, in ms. */
export async function openBare(browser: Browser, url: string): Promise<() => Promise<number>> {
  const page = await browser.newPage();
  await page.addScriptTag({ path: join(dirname(clientEntry), '../../dist/socket.io.min.js') });
  await page.evaluate(`window.socket = io(${JSON.stringify(url)}, { transports: ['websocket'] })`);
  const ask = (): Promise<number> =>
    page.evaluate<number>(`(async () => {
      const started = performance.now();
      await socket.emitWithAck('ask', { epoch: 'x'.repeat(26), version: 1, intent: { type: 'confirm' } });
      return performance.now() - started;
    })()`);
  // The first few warm the path up.
  for (let warmUp = 0; warmUp < 10; warmUp += 1) await ask();
  return ask;
}
