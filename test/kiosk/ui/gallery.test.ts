import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import type { Language } from '@tessera/shared/ids/schemas';
import type { FakeDaemon } from './support/fake-daemon.ts';
import { axeFindings, foreignWords, overflowing, tooFine, tooSmall } from './support/inspect.ts';
import { sceneNames, scenes, type SceneName } from './support/scenes.ts';
import { artifacts, buildScreen, drawn, openBrowser, openPage, smallest, startDaemon } from './support/stage.ts';

const languages: readonly Language[] = ['zh', 'en', 'ar'];
const modes = {
  light: { colorScheme: 'light', largeText: false, highContrast: false },
  dark: { colorScheme: 'dark', largeText: false, highContrast: false },
  contrast: { colorScheme: 'light', largeText: false, highContrast: true },
  large: { colorScheme: 'light', largeText: true, highContrast: false },
  'large-contrast': { colorScheme: 'light', largeText: true, highContrast: true },
} as const;
type Mode = keyof typeof modes;

/** The middle size is the smallest one, magnified: there the modes that change its layout are enough. */
const looks: readonly { viewport: { width: number; height: number }; modes: readonly Mode[] }[] = [
  { viewport: smallest, modes: ['light', 'dark', 'contrast', 'large', 'large-contrast'] },
  { viewport: { width: 1280, height: 800 }, modes: ['light', 'large'] },
  { viewport: { width: 1080, height: 1920 }, modes: ['light', 'dark', 'contrast', 'large'] },
];

/** 6.1 mm at 5.2 px/mm. */
const LEAST_CAPITAL_PX = 31.7;
/** Structure does not change with the colour, nor colour with the size or the language: axe's slow look covers each once. */
const axeLooksAt = (width: number, mode: Mode, language: Language): boolean =>
  (width === smallest.width && language === 'en') || mode === 'light';

const fileOf = (size: string, mode: Mode, language: Language, scene: SceneName): string =>
  `${size}/${mode}/${language}/${scene}.png`;

/** One page with every picture, to be looked at by people. */
async function contactSheet(): Promise<void> {
  const rows = looks.flatMap(({ viewport: { width, height }, modes }) =>
    modes.flatMap((mode) =>
      languages.map((language) => {
        const size = `${String(width)}x${String(height)}`;
        const shots = sceneNames.map((scene) => {
          const file = fileOf(size, mode, language, scene);
          return `<a href="${file}"><img loading="lazy" src="${file}" alt="${scene}"><br>${scene}</a>`;
        });
        return `<h2>${size} · ${mode} · ${language}</h2><div>${shots.join('')}</div>`;
      }),
    ),
  );
  const style =
    'body{font:14px system-ui;background:#777}div{display:flex;flex-wrap:wrap;gap:8px}img{height:220px}a{color:#fff}';
  await writeFile(
    join(artifacts, 'index.html'),
    `<!doctype html><meta charset="utf-8"><title>Kiosk screens</title><style>${style}</style>${rows.join('')}`,
  );
}

describe('kiosk screen: every screen in every language, size and mode', function () {
  this.timeout(120_000);
  let browser: Browser;
  let daemon: FakeDaemon;

  before(async () => {
    await buildScreen();
    browser = await openBrowser();
    daemon = await startDaemon('checking');
    await mkdir(artifacts, { recursive: true });
    await contactSheet();
  });
  after(async () => {
    await browser.close();
    await daemon.stop();
  });

  for (const { viewport, modes: shown } of looks) {
    const size = `${String(viewport.width)}x${String(viewport.height)}`;
    for (const mode of shown) {
      for (const language of languages) {
        it(`${size} ${mode} ${language}`, async () => {
          const { colorScheme, largeText, highContrast } = modes[mode];
          const page = await openPage(browser, daemon, { viewport, colorScheme });
          await mkdir(join(artifacts, size, mode, language), { recursive: true });
          const defects: string[] = [];
          for (const scene of sceneNames) {
            const version = daemon.show({
              ...scenes[scene],
              prefs: { language, largeText, highContrast, spoken: false },
            });
            await drawn(page, version);
            const found = [
              ...(await overflowing(page)),
              ...(await foreignWords(page, language)),
              ...(viewport === smallest ? await tooSmall(page) : []),
              ...(largeText ? await tooFine(page, LEAST_CAPITAL_PX) : []),
              ...(axeLooksAt(viewport.width, mode, language) ? await axeFindings(page) : []),
            ];
            defects.push(...found.map((defect) => `${scene}: ${defect}`));
            await page.screenshot({ path: join(artifacts, fileOf(size, mode, language, scene)) });
          }
          await page.context().close();
          expect(defects).to.deep.equal([]);
        });
      }
    }
  }
});
