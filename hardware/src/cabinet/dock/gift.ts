import { svg } from './dom.ts';

const kinds = ['', ' even', ' third'] as const;

/** A gift as a little box with a ribbon; its colour follows its slot. */
export function giftShapes(slot: number, x: number, y: number, size: number): readonly SVGElement[] {
  const band = size * 0.18;
  const colour = kinds[slot % kinds.length] ?? '';
  return [
    svg('rect', { class: `gift${colour}`, x, y, width: size, height: size, rx: 2 }),
    svg('rect', { class: 'ribbon', x: x + (size - band) / 2, y, width: band, height: size }),
    svg('rect', { class: 'ribbon', x, y: y + size * 0.36, width: size, height: band }),
  ];
}

/** A gift on its own. */
export function giftPicture(slot: number): SVGSVGElement {
  return svg('svg', { viewBox: '0 0 40 40', 'aria-hidden': 'true' }, ...giftShapes(slot, 2, 2, 36));
}
