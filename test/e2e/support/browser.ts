import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const shots = fileURLToPath(new URL('../../artifacts/e2e', import.meta.url));

/** Debian's own browser, with an empty profile and no talk of its own. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = places.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('There is no chromium here: scripts/test installs it.');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/** Where a screenshot is kept for people to look at. */
export function shotPath(name: string): string {
  mkdirSync(shots, { recursive: true });
  return join(shots, `${name.replaceAll(/[^a-zA-Z0-9-]+/g, '-').slice(0, 80)}.png`);
}
