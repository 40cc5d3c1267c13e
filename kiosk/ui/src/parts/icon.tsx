/** The icons, drawn for us on a 24-unit square with a round 2-unit line. `flip` ones point along the reading direction. */
const paths = {
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  close: 'M6 6l12 12M18 6L6 18',
  erase: 'M9 6h11v12H9l-6-6 6-6Zm4 4 4 4m0-4-4 4',
  language: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
  person: 'M12 4.2a1.4 1.4 0 1 0 .01 0ZM4.5 8.8c5 1.4 10 1.4 15 0M9.5 9.8v4.4L8 21m6.5-11.2v4.4L16 21m-6.5-6.8h5',
  text: 'M3 19 8.5 5 14 19M5 14.5h7M15 19l3-8 3 8m-5-2.5h4',
  contrast: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 0v18m0-14 6 0m-6 4h8.5m-8.5 4h7.5',
  sound: 'M4 9.5v5h3.5L12 19V5L7.5 9.5H4ZM15.5 9a4 4 0 0 1 0 6M18 6a8.5 8.5 0 0 1 0 12',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  alert: 'M12 4 2.8 20h18.4L12 4Zm0 6v4.5m0 2.6v.1',
  lock: 'M6 11h12v9H6v-9Zm2.5 0V8a3.5 3.5 0 0 1 7 0v3',
  gift: 'M4 9h16v4H4V9Zm1.5 4h13v7h-13v-7ZM12 9v11M12 9C8 9 6.5 4.5 9 4.2c2-.2 3 2.8 3 4.8Zm0 0c4 0 5.5-4.5 3-4.8-2-.2-3 2.8-3 4.8Z',
  code: 'M4 4h6v6H4V4Zm10 0h6v6h-6V4ZM4 14h6v6H4v-6Zm10 0h2.5v2.5H14V14Zm3.5 3.5H20V20h-2.5v-2.5Z',
  card: 'M3 6h18v12H3V6Zm0 4h18M6 14.5h4',
  mail: 'M3 6h18v12H3V6Zm0 .5 9 7 9-7',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4v5l3.5 2.5',
} as const;
export type IconName = keyof typeof paths;

const pointing: ReadonlySet<IconName> = new Set<IconName>(['back', 'next', 'erase']);

/** An icon beside a word; never alone, so it is hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class={pointing.has(name) ? 'icon icon-pointing' : 'icon'} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
