import { h, svg } from './dom.ts';
import { giftShapes } from './gift.ts';
import type { SlotView } from './view.ts';
import type { Words } from './words.ts';

const WIDTH = 160;
const HEIGHT = 84;
const SHELF_Y = 70;
const GIFT = 24;
/** How far one turn of the spiral pushes the goods. */
const PITCH = 30;
/** Where the first item stands when the spiral is at home. */
const FRONT_X = 116;
/** The item in front falls at this part of a turn. */
const DROP_AT = 300 / 360;
const SHOWN = 4;

/** The coil seen from the side: a wave that runs forward as the spiral turns. */
function coil(angle: number): string {
  const phase = (angle / 360) * Math.PI * 2;
  const points = Array.from({ length: 61 }, (_, index) => {
    const x = 6 + index * 2.5;
    const y = SHELF_Y - 16 + 14 * Math.sin((x / PITCH) * Math.PI * 2 - phase);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return `M${points.join(' L')}`;
}

/** One slot of the picture: its goods move as its spiral turns. */
export class SlotPicture {
  readonly button: HTMLButtonElement;
  readonly #slot: number;
  readonly #goods = svg('g');
  readonly #coil = svg('path', { class: 'coil', d: coil(0) });
  readonly #count = h('span');
  readonly #faults = h('span', { class: 'faults' });
  #view: SlotView | undefined;
  #atMs = 0;

  constructor(slot: number, onChosen: () => void) {
    this.#slot = slot;
    const shelf = svg('rect', { class: 'shelf', x: 0, y: SHELF_Y, width: WIDTH, height: 4 });
    this.button = h(
      'button',
      { type: 'button', class: 'slot', 'aria-pressed': 'false', onclick: onChosen },
      svg(
        'svg',
        { viewBox: `0 0 ${String(WIDTH)} ${String(HEIGHT)}`, 'aria-hidden': 'true' },
        this.#goods,
        this.#coil,
        shelf,
      ),
      h('span', { class: 'caption' }, h('span', { class: 'number' }, String(slot)), this.#count),
      this.#faults,
    );
  }

  /** Takes the newest view; `atMs` is the page's time of it. */
  update(view: SlotView, atMs: number, chosen: boolean, words: Words): void {
    this.#view = view;
    this.#atMs = atMs;
    this.button.classList.toggle('driven', view.relay);
    this.button.setAttribute('aria-pressed', String(chosen));
    this.#count.textContent = view.goods === 0 ? words.empty : `× ${String(view.goods)}`;
    const faults = view.faults.map((fault) => (fault in words ? words[fault as keyof Words] : fault));
    this.#faults.textContent = faults.join(', ');
    this.draw(atMs);
  }

  /** Draws the spiral where it must be by now. */
  draw(nowMs: number): void {
    const view = this.#view;
    if (!view) return;
    const angle = view.angle + view.speed * (nowMs - this.#atMs);
    this.#coil.setAttribute('d', coil(angle));
    const turned = (((angle % 360) + 360) % 360) / 360;
    // Past the drop the next item is the first, one pitch behind.
    const pushed = turned > DROP_AT ? turned - 1 : turned;
    const hanging = Math.min(view.hanging, 1);
    const standing = Math.min(view.goods - hanging, SHOWN);
    const gifts = Array.from({ length: standing }, (_, index) => {
      const x = FRONT_X + (pushed - index) * PITCH;
      return svg('g', {}, ...giftShapes(this.#slot, x, SHELF_Y - GIFT, GIFT));
    });
    if (hanging > 0) {
      const tilted = svg('g', { transform: `rotate(32 ${String(FRONT_X + PITCH)} ${String(SHELF_Y)})` });
      tilted.append(...giftShapes(this.#slot, FRONT_X + 20, SHELF_Y - GIFT - 2, GIFT));
      gifts.push(tilted);
    }
    this.#goods.replaceChildren(...gifts.reverse());
  }

  /** True while its spiral turns. */
  get turning(): boolean {
    return this.#view !== undefined && this.#view.speed !== 0;
  }
}
