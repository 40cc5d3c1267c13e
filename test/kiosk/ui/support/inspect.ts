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

/**
 * Boxes that hold more than they show, and things that stand outside the screen or over a button.
 * Tall scripts paint a little beyond their line: a quarter of the type size is no overflow.
 */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const name = (element: Element): string =>
      `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`;
    const seen = [...document.querySelectorAll<HTMLElement>('.stage *, .waiting *')].filter(
      (element) => element instanceof HTMLElement && element.closest('.unseen') === null && element.checkVisibility(),
    );
    for (const element of seen) {
      const style = getComputedStyle(element);
      if (style.clipPath !== 'none') continue;
      const slack = Math.max(1, parseFloat(style.fontSize) / 4);
      const { clientWidth, clientHeight, scrollWidth, scrollHeight } = element;
      if (clientWidth > 0 && scrollWidth > clientWidth + 1)
        found.push(`${name(element)} is too wide by ${String(scrollWidth - clientWidth)}`);
      if (clientHeight > 0 && scrollHeight > clientHeight + slack)
        found.push(`${name(element)} is too tall by ${String(scrollHeight - clientHeight)}`);
      const box = element.getBoundingClientRect();
      const outside = box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
      if (outside && box.width > 0) found.push(`${name(element)} stands outside the screen`);
    }
    const leaves = seen.filter(
      (element) =>
        element.closest('button') === null && element.children.length === 0 && element.textContent.trim() !== '',
    );
    for (const button of document.querySelectorAll('.actions button')) {
      const b = button.getBoundingClientRect();
      for (const leaf of leaves) {
        const l = leaf.getBoundingClientRect();
        const over =
          Math.min(b.right, l.right) - Math.max(b.left, l.left) > 1 &&
          Math.min(b.bottom, l.bottom) - Math.max(b.top, l.top) > 4;
        if (over && leaf.closest('dialog, .toast') === null) found.push(`${name(leaf)} lies under a button`);
      }
    }
    return found;
  });
}

/** Buttons below the sizes of DESIGN.md: the primary one 88 px and in its corner, all others 64 px, 12 px apart (at 800×480). */
export function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const root = document.querySelector('dialog[open]') ?? document;
    const buttons = [...root.querySelectorAll<HTMLElement>('button')].filter((button) => button.checkVisibility());
    for (const button of buttons) {
      const { width, height } = button.getBoundingClientRect();
      const least = button.classList.contains('button-primary') ? 88 : 64;
      const name = button.textContent || (button.getAttribute('aria-label') ?? '');
      if (height < least - 0.5 || width < 63.5)
        found.push(`“${name}” is ${String(Math.round(width))}×${String(Math.round(height))}`);
    }
    const primaries = buttons.filter((button) => button.classList.contains('button-primary'));
    if (primaries.length > 1) found.push('more than one primary button');
    const [primary] = primaries;
    if (primary !== undefined && root === document) {
      const box = primary.getBoundingClientRect();
      const gap = document.documentElement.dir === 'rtl' ? box.left : innerWidth - box.right;
      const mosaic = document.querySelector('.screen-attract') !== null;
      if (!mosaic && gap > 24) found.push('the primary button is not in its corner');
      if (innerHeight - box.bottom > (mosaic ? 60 : 24)) found.push('the primary button is not at the bottom');
    }
    return found;
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
      if (parent === null || parent.closest('script, style, bdi, [dir="auto"], [dir="ltr"], [lang]:not(html)') !== null)
        continue;
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
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Set<string>();
    while (walker.nextNode() !== null) {
      const parent = walker.currentNode.parentElement;
      const text = walker.currentNode.textContent?.trim() ?? '';
      if (
        text === '' ||
        parent === null ||
        parent.closest('svg, .unseen, script, style, .toast') !== null ||
        !parent.checkVisibility()
      )
        continue;
      if (getComputedStyle(parent).clipPath !== 'none') continue;
      if (parseFloat(getComputedStyle(parent).fontSize) * 0.714 < least) found.add(`“${text}” is too small to read`);
    }
    return [...found];
  }, leastCapitalPx);
}
