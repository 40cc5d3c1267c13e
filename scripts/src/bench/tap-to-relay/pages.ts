import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

/** The kiosk's screen, which notes the wall-clock time (ms) of the last tap. */
export async function openKiosk(
  browser: Browser,
  url: string,
): Promise<{ page: Page; tappedAt: () => Promise<number> }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  await page.addInitScript(
    `document.addEventListener('click', () => { window.tappedAt = performance.timeOrigin + performance.now(); }, true);`,
  );
  await page.goto(url);
  return { page, tappedAt: () => page.evaluate<number>('window.tappedAt') };
}

/** The client as a script for a page lies beside the one for node. */
const clientEntry = createRequire(import.meta.url).resolve('socket.io-client');

/** Asks through the bare path from a page, one question after the other; how long each acknowledgement took, in ms. */
export async function measureBareAcks(browser: Browser, url: string, samples: number): Promise<number[]> {
  const page = await browser.newPage();
  await page.addScriptTag({ path: join(dirname(clientEntry), '../../dist/socket.io.min.js') });
  const times = await page.evaluate<number[]>(`(async () => {
    const socket = io(${JSON.stringify(url)}, { transports: ['websocket'] });
    const times = [];
    for (let sample = 0; sample < ${String(samples + 10)}; sample += 1) {
      const started = performance.now();
      await socket.emitWithAck('ask', { epoch: 'x'.repeat(26), version: sample, intent: { type: 'confirm' } });
      times.push(performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    socket.close();
    return times;
  })()`);
  await page.close();
  // The first few warm the path up.
  return times.slice(10);
}
