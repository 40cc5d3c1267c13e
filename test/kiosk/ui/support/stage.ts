import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { build } from 'vite';
import { FakeDaemon } from './fake-daemon.ts';
import { snapshotOf, type SceneName } from './scenes.ts';

const root = join(import.meta.dirname, '../../../..');
export const artifacts = join(root, 'test/artifacts/ui');
const dist = join(root, 'node_modules/.cache/tessera/ui-under-test');

/** Builds the screen from its sources, so that no test looks at an old one. */
export async function buildScreen(): Promise<void> {
  await build({
    root: join(root, 'kiosk/ui'),
    configFile: join(root, 'kiosk/ui/vite.config.ts'),
    logLevel: 'error',
    build: { outDir: dist, emptyOutDir: true },
  });
}

export async function openBrowser(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      ...(asRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
}

export async function startDaemon(name: SceneName): Promise<FakeDaemon> {
  const daemon = new FakeDaemon({ dist, pictures: join(root, 'server/assets/demo') }, snapshotOf(name));
  await daemon.start();
  return daemon;
}

export const smallest = { width: 800, height: 480 } as const;

/** A fresh browser profile on the daemon's page, at the smallest screen unless told. */
export async function openPage(
  browser: Browser,
  daemon: FakeDaemon,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: smallest, hasTouch: true, reducedMotion: 'reduce', ...options });
  // The loader that runs our tests names functions with this helper; a page has none.
  await context.addInitScript('globalThis.__name = (named) => named');
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  await page.goto(daemon.url);
  await drawn(page, daemon.snapshot.version);
  return page;
}

/** Waits until the screen shows this version and has painted it. */
export async function drawn(page: Page, version: number): Promise<void> {
  await page.locator(`.stage[data-version="${String(version)}"]`).waitFor();
  await page.evaluate(async () => {
    await Promise.all([...document.images].map(async (image) => image.decode().catch(() => undefined)));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}
