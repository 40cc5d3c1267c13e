import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import type { Language } from '@tessera/shared/ids/schemas';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong on the page as it stands. */
export async function axeFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const results = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(root: Document, options: object): Promise<AxeResults> } };
    return axe.run(document, { resultTypes: ['violations'] });
  });
  return results.violations.flatMap((rule) => rule.nodes.map((node) => `axe ${rule.id}: ${node.html.slice(0, 120)}`));
}

/** Boxes that hold more than they show, things outside the screen, and words that lie under a button. */
export async function overflowing(page: Page): Promise<string[]> {
  return [...(await spilling(page)), ...(await coveredWords(page))];
}

/** Tall scripts paint a little beyond their line: a quarter of the type size is no overflow. */
function spilling(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll('.stage *, .waiting *')) {
      if (!(element instanceof HTMLElement) || element.closest('.unseen') !== null || !element.checkVisibility())
        continue;
      const style = getComputedStyle(element);
      if (style.clipPath !== 'none') continue;
      const name = `${element.tagName.toLowerCase()}.${element.className}`;
      const wide = element.scrollWidth - element.clientWidth;
      const tall = element.scrollHeight - element.clientHeight;
      if (element.clientWidth > 0 && wide > 1) found.push(`${name} is too wide by ${String(wide)}`);
      const slack = Math.max(1, parseFloat(style.fontSize) / 4);
      if (element.clientHeight > 0 && tall > slack) found.push(`${name} is too tall by ${String(tall)}`);
      const box = element.getBoundingClientRect();
      const outside = Math.min(box.left, box.top, innerWidth - box.right, innerHeight - box.bottom) < -1;
      if (outside && box.width > 0) found.push(`${name} stands outside the screen`);
    }
    return found;
  });
}

function coveredWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const leaves = [...document.querySelectorAll<HTMLElement>('main *')].filter(
      (leaf) => leaf.children.length === 0 && leaf.textContent.trim() !== '' && leaf.checkVisibility(),
    );
    for (const button of document.querySelectorAll('.actions button')) {
      const b = button.getBoundingClientRect();
      for (const leaf of leaves) {
        if (leaf.closest('button, .unseen, .toast') !== null) continue;
        const l = leaf.getBoundingClientRect();
        const across = Math.min(b.right, l.right) - Math.max(b.left, l.left);
        const down = Math.min(b.bottom, l.bottom) - Math.max(b.top, l.top);
        if (across > 1 && down > 4) found.push(`“${leaf.textContent}” lies under a button`);
      }
    }
    return found;
  });
}

/** Buttons against DESIGN.md at 800×480: the primary one 88 px high and in its corner, all others 64 px, 12 px apart. */
export async function tooSmall(page: Page): Promise<string[]> {
  return [...(await cramped(page)), ...(await misplaced(page))];
}

function cramped(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const root = document.querySelector('dialog[open]') ?? document;
    const buttons = [...root.querySelectorAll<HTMLElement>('button')].filter((button) => button.checkVisibility());
    for (const [index, button] of buttons.entries()) {
      const a = button.getBoundingClientRect();
      const least = button.classList.contains('button-primary') ? 88 : 64;
      const size = `${String(Math.round(a.width))}×${String(Math.round(a.height))}`;
      if (a.height < least - 0.5 || a.width < 63.5) found.push(`“${button.textContent}” is ${size}`);
      for (const other of buttons.slice(index + 1)) {
        const b = other.getBoundingClientRect();
        const across = Math.max(a.left, b.left) - Math.min(a.right, b.right);
        const down = Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom);
        if (Math.max(across, down) < 11.5)
          found.push(`“${button.textContent}” and “${other.textContent}” are too near`);
      }
    }
    return found;
  });
}

/** The attract screen alone has its button beside the mosaic, and the machine's name under it. */
function misplaced(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const primaries = [...document.querySelectorAll('main .button-primary')];
    if (primaries.length > 1) return ['more than one primary button'];
    const [primary] = primaries;
    if (primary === undefined) return [];
    const box = primary.getBoundingClientRect();
    const below = innerHeight - box.bottom;
    if (document.querySelector('.screen-attract') !== null) return below > 60 ? ['the start button is too high'] : [];
    const beside = document.documentElement.dir === 'rtl' ? box.left : innerWidth - box.right;
    return beside > 24 || below > 24 ? ['the primary button is not in its corner'] : [];
  });
}

const foreign: Readonly<Record<Language, RegExp>> = {
  zh: /[\u0600-\u06ff]|[A-Za-z]{2,}/,
  en: /[\u0600-\u06ff]|[\u3000-\u9fff\uff00-\uffef]/,
  ar: /[\u3000-\u9fff\uff00-\uffef]|[A-Za-z]{2,}/,
};

/** Text in a script of another language. Data of its own direction (addresses, references) and languages named in themselves are exempt. */
export async function foreignWords(page: Page, language: Language): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walker.nextNode() !== null) {
      const parent = walker.currentNode.parentElement;
      const data = 'script, style, bdi, [dir="auto"], [dir="ltr"], [lang]:not(html)';
      if (parent?.closest(data) !== null) continue;
      found.push(walker.currentNode.textContent ?? '');
    }
    for (const element of document.querySelectorAll('[aria-label]'))
      found.push(element.getAttribute('aria-label') ?? '');
    return found;
  });
  const root = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir].join(' '));
  const wrong = texts.filter((text) => foreign[language].test(text)).map((text) => `foreign text “${text}”`);
  const expected = `${language} ${language === 'ar' ? 'rtl' : 'ltr'}`;
  return root === expected ? wrong : [...wrong, `the page says it is ${root}`];
}

/** Text whose capitals are lower than 6.1 mm on the 5.2 px/mm screen: `least` px, by the capital height of Noto Sans. */
export function tooFine(page: Page, leastCapitalPx: number): Promise<string[]> {
  return page.evaluate((least) => {
    const exempt = 'svg, .unseen, script, style, .toast';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Set<string>();
    while (walker.nextNode() !== null) {
      const parent = walker.currentNode.parentElement;
      const text = walker.currentNode.textContent?.trim() ?? '';
      if (text === '' || parent?.closest(exempt) !== null || !parent.checkVisibility()) continue;
      const { clipPath, fontSize } = getComputedStyle(parent);
      if (clipPath === 'none' && parseFloat(fontSize) * 0.714 < least) found.add(`“${text}” is too small to read`);
    }
    return [...found];
  }, leastCapitalPx);
}
