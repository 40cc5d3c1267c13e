import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../harness/browser.ts';
import { chooseGift, signIn } from '../harness/errand.ts';
import { startWorld } from '../harness/world.ts';

/** `npm run pictures`: photographs the real kiosk for the README. Small on purpose: they are committed. */
const folder = fileURLToPath(new URL('../../../docs/pictures', import.meta.url));
const world = await startWorld((line) => process.stderr.write(`${line}\n`));
const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  const shoot = async (name: string): Promise<void> => {
    await page.locator(`[data-screen="${name}"]`).waitFor();
    await page.screenshot({ path: join(folder, `${name}.png`), scale: 'css' });
  };
  await page.goto(world.layout.urls.kiosk);
  await world.thumb.screen('attract');
  await world.thumb.tap({ type: 'set_prefs', prefs: { language: 'en' } });
  await page.locator('html[lang="en"]').waitFor();
  await shoot('attract');
  const [member] = world.seed.members;
  if (!member) throw new Error('The demo has no member.');
  await signIn(world.thumb, member);
  await world.thumb.screen('choose');
  await world.thumb.tap({ type: 'set_prefs', prefs: { language: 'en' } });
  await page.locator('html[lang="en"]').waitFor();
  await shoot('choose');
  await chooseGift(world.thumb);
  await world.thumb.tap({ type: 'confirm' });
  await shoot('take');
} finally {
  await browser.close();
  await world.close();
}
