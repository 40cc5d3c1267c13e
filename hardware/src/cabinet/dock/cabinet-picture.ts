import { h } from './dom.ts';
import { giftPicture } from './gift.ts';
import { SlotPicture } from './slot-picture.ts';
import type { CabinetView } from './view.ts';
import { words } from './words.ts';

/** How long an item falls on the screen, in ms. */
const FALL_MS = 240;
/** How long a device shows that it said something, in ms. */
const SAYING_MS = 600;

const DEVICES = ['scanner', 'reader', 'printer'] as const;

/** The page's time, in ms. */
export type PageTime = { now(): number; after(delayMs: number, run: () => void): void };

/** The cabinet as it stands: window with slots, drop beam, tray with lamp, and the devices beside it. */
export class CabinetPicture {
  readonly root = h('div', { class: 'body' });
  readonly #window = h('div', { class: 'window' });
  readonly #beam = h('div', { class: 'beam' });
  readonly #banner = h('p', { class: 'banner' });
  readonly #beamWord = h('span', { role: 'status' });
  readonly #trayGifts = h('span', { class: 'row' });
  readonly #trayWord = h('span', { class: 'what' });
  readonly #tray: HTMLButtonElement;
  readonly #devices = new Map(DEVICES.map((device) => [device, h('div', { class: 'device' })]));
  readonly #onChosen: (slot: number) => void;
  readonly #time: PageTime;
  #slots: SlotPicture[] = [];
  #falling: readonly number[] = [];

  constructor(time: PageTime, hands: { onChosen: (slot: number) => void; onPickUp: () => void }) {
    this.#time = time;
    this.#onChosen = hands.onChosen;
    this.#tray = h(
      'button',
      { type: 'button', class: 'tray', onclick: hands.onPickUp },
      this.#trayWord,
      this.#trayGifts,
    );
    this.#beam.append(
      h('span', { class: 'eye' }),
      h('span', { class: 'ray' }),
      this.#beamWord,
      h('span', { class: 'ray' }),
      h('span', { class: 'eye' }),
    );
    const devices = h('div', { class: 'devices' }, ...this.#devices.values());
    this.root.append(this.#window, this.#banner, this.#beam, h('div', { class: 'foot' }, this.#tray, devices));
    const frame = (): void => {
      for (const slot of this.#slots) if (slot.turning) slot.draw(this.#time.now());
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  update(view: CabinetView, chosen: number): void {
    const said = words();
    const nowMs = this.#time.now();
    this.#build(view.slots.length);
    view.slots.forEach((slot, index) => {
      this.#slots[index]?.update(slot, nowMs, slot.slot === chosen, said);
    });
    this.#banner.textContent = said.doorOpen;
    this.root.classList.toggle('open', view.door === 'open');
    this.#beam.classList.toggle('broken', view.beam.broken);
    this.#beam.classList.toggle('dark', view.beam.emitterOff);
    this.#beamWord.textContent = view.beam.broken ? said.beamBroken : said.beamClear;
    this.#tray.classList.toggle('lit', view.indicator);
    this.#tray.disabled = view.tray === 0;
    this.#trayWord.replaceChildren(...this.#trayWords(view.tray));
    const lying = view.drops.slice(-Math.min(view.tray, 5));
    this.#trayGifts.replaceChildren(...(view.tray === 0 ? [] : lying.map(({ slot }) => giftPicture(slot))));
    for (const { device, plugged } of view.devices) {
      const place = this.#devices.get(device);
      place?.replaceChildren(plugged ? said[device] : `${said[device]} · ${said.out}`);
      place?.classList.toggle('out', !plugged);
    }
    this.#showFalls(view.falling);
  }

  /** A device shows for a moment that it said something. */
  flash(device: 'scanner' | 'reader'): void {
    const place = this.#devices.get(device);
    place?.classList.add('saying');
    this.#time.after(SAYING_MS, () => place?.classList.remove('saying'));
  }

  #trayWords(count: number): readonly Node[] {
    const said = words();
    if (count === 0) return [h('span', {}, said.trayEmpty)];
    return [h('span', {}, said.trayHolds.replace('{count}', String(count))), h('strong', {}, said.pickUp)];
  }

  #build(count: number): void {
    if (this.#slots.length === count) return;
    this.#slots = Array.from(
      { length: count },
      (_, index) =>
        new SlotPicture(index + 1, () => {
          this.#onChosen(index + 1);
        }),
    );
    this.#window.replaceChildren(...this.#slots.map(({ button }) => button));
  }

  /** Lets each item that has just left its spiral fall to the tray. */
  #showFalls(falling: readonly number[]): void {
    const before = [...this.#falling];
    this.#falling = falling;
    for (const slot of falling) {
      const known = before.indexOf(slot);
      if (known >= 0) before.splice(known, 1);
      else this.#fall(slot);
    }
  }

  #fall(slot: number): void {
    const from = this.#slots[slot - 1]?.button.getBoundingClientRect();
    if (!from || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const body = this.root.getBoundingClientRect();
    const to = this.#tray.getBoundingClientRect();
    const gift = giftPicture(slot);
    gift.classList.add('flying');
    this.root.append(gift);
    const at = (x: number, y: number): string => `translate(${String(x - body.x)}px, ${String(y - body.y)}px)`;
    const x = from.right - 44;
    gift.style.left = '0';
    gift.style.top = '0';
    const path = [{ transform: at(x, from.y + 24) }, { transform: at(x, to.y + to.height - 56) }];
    gift.animate(path, { duration: FALL_MS, easing: 'ease-in' }).onfinish = () => {
      gift.remove();
    };
  }
}
