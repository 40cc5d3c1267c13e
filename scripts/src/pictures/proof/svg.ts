/** The house's tokens, on their light ground. */
export const tokens = {
  ground: '#FBF7EF',
  ink: '#1E2430',
  soft: '#5A6072',
  rule: '#E4DBCB',
  verdigris: '#17675C',
  gold: '#8A5A00',
  wine: '#9B1C31',
  terracotta: '#A63F22',
  white: '#FFFFFF',
} as const;

/** Grounds of tiles, on which ink is read. */
export const tints = {
  good: '#D5E9E4',
  back: '#FFFFFF',
  doubt: '#F3E3C3',
  bad: '#F6CDD3',
  none: '#F1EADC',
} as const;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text that may stand in SVG. */
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign);

const attributes = (all: Readonly<Record<string, string | number>>): string =>
  Object.entries(all)
    .map(
      ([name, value]) =>
        `${name}="${typeof value === 'number' ? String(Math.round(value * 10) / 10) : escaped(value)}"`,
    )
    .join(' ');

/** One element; `inside` is SVG already. */
export function element(name: string, given: Readonly<Record<string, string | number>>, inside = ''): string {
  const open = [name, attributes(given)].filter((part) => part !== '').join(' ');
  return inside === '' ? `<${open}/>` : `<${open}>${inside}</${name}>`;
}

/** A line of text. */
export const words = (
  text: string,
  x: number,
  y: number,
  more: Readonly<Record<string, string | number>> = {},
): string => element('text', { x, y, ...more }, escaped(text));

/** A tile with a sign in its middle, and what it means for whoever points at it. */
export function tile(
  at: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  look: { readonly fill: string; readonly sign: string; readonly colour?: string; readonly size?: number },
  meaning: string,
): string {
  const { x, y, width, height } = at;
  const { fill, sign, colour = tokens.ink, size = 11 } = look;
  const ground = element('rect', { x, y, width, height, rx: 3, fill });
  const middle = { 'text-anchor': 'middle', fill: colour, 'font-size': size };
  const text = sign === '' ? '' : words(sign, x + width / 2, y + height / 2 + size * 0.36, middle);
  return element('g', {}, `${element('title', {}, escaped(meaning))}${ground}${text}`);
}

/** A legend in one row: a tile and a word each. */
export function legend(
  entries: readonly { readonly fill: string; readonly sign: string; readonly word: string }[],
  x: number,
  y: number,
): string {
  let at = x;
  return entries
    .map(({ fill, sign, word }) => {
      const drawn =
        tile({ x: at, y: y - 13, width: 18, height: 18 }, { fill, sign }, word) +
        words(word, at + 24, y, { fill: tokens.soft });
      at += 40 + word.length * 6.6;
      return drawn;
    })
    .join('');
}

/** A whole picture: the title is read in it, and with the description is its text alternative. */
export function picture(
  {
    width,
    height,
    title,
    description,
  }: { readonly width: number; readonly height: number; readonly title: string; readonly description: string },
  inside: readonly string[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(Math.ceil(width))} ${String(Math.ceil(height))}" font-family="system-ui, sans-serif" font-size="12" fill="${tokens.ink}" role="img" aria-labelledby="title about">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="about">${escaped(description)}</desc>`,
    `<rect width="100%" height="100%" rx="12" fill="${tokens.ground}"/>`,
    words(title, 24, 36, { 'font-size': 17, 'font-weight': 600 }),
    ...inside,
    '</svg>',
    '',
  ].join('\n');
}
