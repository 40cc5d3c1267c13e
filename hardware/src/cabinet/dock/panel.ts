import { h } from './dom.ts';
import type { CabinetView, DemoMember } from './view.ts';
import { words, type Words } from './words.ts';

/** What the panel lets a person do. */
export type Hands = {
  readonly scan: (text: string) => void;
  readonly card: (uid: string) => void;
  readonly scanMember: (member: DemoMember) => void;
  readonly fault: (request: { slot?: number; device?: string; fault: string }) => void;
  readonly fill: (slot: number, goods: number) => void;
  readonly door: (open: boolean) => void;
  readonly mendAll: () => void;
  readonly reset: () => void;
};

const SLOT_FAULTS = ['jam', 'hang', 'late_drop', 'double_drop', 'slow_motor', 'dead_relay', 'stuck_home'] as const;
const SERIAL_FAULTS = ['unplugged', 'garbage', 'silence'] as const;
const GOODS_MOST = 99;

type Press = () => void;

const button = (text: string, onclick: Press, kind = ''): HTMLButtonElement =>
  h('button', { type: 'button', class: kind, onclick }, text);

const chip = (text: string, pressed: boolean, onclick: Press): HTMLButtonElement =>
  h('button', { type: 'button', class: 'chip', 'aria-pressed': String(pressed), onclick }, text);

const card = (title: string, ...children: readonly (Node | string)[]): HTMLElement =>
  h('section', { class: 'card' }, h('h2', {}, title), ...children);

/** A field with a button: Enter does the same. */
function fieldRow(label: string, action: string, onText: (text: string) => void): HTMLElement {
  const input = h('input', { class: 'grow', placeholder: label, 'aria-label': label, autocomplete: 'off' });
  const submit = h('button', { type: 'submit', class: 'primary' }, action);
  return h(
    'form',
    {
      class: 'row',
      onsubmit: (event) => {
        event.preventDefault();
        if (input.value.trim() !== '') onText(input.value.trim());
        input.select();
      },
    },
    input,
    submit,
  );
}

function memberRow(member: DemoMember, said: Words, hands: Hands): HTMLElement {
  const who = h('div', { class: 'who' }, h('div', {}, member.memberId));
  who.append(
    h('span', { class: 'points' }, `${member.points.toLocaleString()} `),
    h('span', { class: 'soft' }, `${said.points} · PIN ${member.pin}`),
  );
  const scan = button(said.scanCode, () => {
    hands.scanMember(member);
  });
  const tap = button(said.tap, () => {
    hands.card(member.cardUid);
  });
  return h('div', { class: 'member' }, who, scan, tap);
}

/** Scan and tap: what a member does. Built once, so that what was typed stays. */
export function memberCard(members: readonly DemoMember[], hands: Hands): HTMLElement {
  const said = words();
  const rows = members.map((member) => memberRow(member, said, hands));
  return card(
    said.member,
    h('p', { class: 'soft' }, said.memberHelp),
    ...(rows.length > 0 ? [h('div', { class: 'members' }, ...rows)] : []),
    fieldRow(said.code, said.scan, hands.scan),
    fieldRow(said.uid, said.tap, hands.card),
  );
}

/** Faults and goods of the chosen slot. */
export function slotCard(view: CabinetView, chosen: number, hands: Hands): HTMLElement {
  const said = words();
  const faults = view.slots[chosen - 1]?.faults ?? [];
  const chips = SLOT_FAULTS.map((fault) =>
    chip(said[fault], faults.includes(fault), () => {
      hands.fault({ slot: chosen, fault });
    }),
  );
  const goods = h('input', {
    class: 'short',
    type: 'number',
    min: 0,
    max: GOODS_MOST,
    value: view.slots[chosen - 1]?.goods ?? 0,
    'aria-label': said.goods,
  });
  const acts = [
    button(said.fill, () => {
      hands.fill(chosen, goods.valueAsNumber);
    }),
    button(said.stray_drop, () => {
      hands.fault({ slot: chosen, fault: 'stray_drop' });
    }),
    button(said.clear, () => {
      hands.fault({ slot: chosen, fault: 'none' });
    }),
  ];
  return card(
    `${said.slot} ${String(chosen)}`,
    h('p', { class: 'soft' }, said.slotHelp),
    h('div', { class: 'row' }, ...chips),
    h('div', { class: 'row' }, h('label', { class: 'row' }, said.goods, goods), ...acts),
  );
}

/** Faults of the beam and of the serial devices; a pressed one is in force, and a press on it mends. */
export function devicesCard(view: CabinetView, hands: Hands): HTMLElement {
  const said = words();
  const toggle = (device: string, fault: keyof Words, on: boolean): HTMLButtonElement =>
    chip(said[fault], on, () => {
      hands.fault({ device, fault: on ? 'none' : fault });
    });
  const rows = view.devices.map(({ device, faults }) => {
    const kinds = device === 'printer' ? [...SERIAL_FAULTS, 'paper_out' as const] : SERIAL_FAULTS;
    const chips = kinds.map((fault) => toggle(device, fault, faults.includes(fault)));
    return h('div', { class: 'row' }, h('span', { class: 'soft label' }, said[device]), ...chips);
  });
  const beam = (['stuck_beam', 'blind_beam'] as const).map((fault) => toggle('beam', fault, view.beam.fault === fault));
  return card(said.devices, h('div', { class: 'row' }, ...beam), ...rows);
}

/** Door, mending and reset. */
export function machineCard(view: CabinetView, hands: Hands): HTMLElement {
  const said = words();
  const open = view.door === 'open';
  return card(
    said.machine,
    h(
      'div',
      { class: 'row' },
      button(open ? said.closeDoor : said.openDoor, () => {
        hands.door(!open);
      }),
      button(said.mendAll, hands.mendAll),
      button(said.reset, hands.reset, 'danger'),
    ),
  );
}

/** The last drops, and the last receipt where one was printed. */
export function truthCards(view: CabinetView): readonly HTMLElement[] {
  const said = words();
  const rows = [...view.drops]
    .reverse()
    .map(({ seq, slot, atMs }) =>
      h(
        'tr',
        {},
        h('td', {}, String(seq)),
        h('td', {}, `${said.slot} ${String(slot)}`),
        h('td', {}, new Date(atMs).toLocaleTimeString()),
      ),
    );
  const head = h('tr', {}, h('th', {}, '#'), h('th', {}, said.slot), h('th', {}, said.when));
  const table = h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows));
  const fell = card(said.fallen, rows.length > 0 ? table : h('p', { class: 'soft' }, said.nothingFell));
  if (view.printed.length === 0) return [fell];
  return [fell, card(said.receipt, h('pre', { class: 'receipt' }, view.printed.join('\n')))];
}
