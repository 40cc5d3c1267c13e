import { act, demoMembers, follow, type Answer } from './api.ts';
import { CabinetPicture, type PageTime } from './cabinet-picture.ts';
import { byId, h } from './dom.ts';
import { devicesCard, machineCard, memberCard, slotCard, truthCards, type Hands } from './panel.ts';
import type { CabinetView } from './view.ts';
import { language, switchLanguage, words } from './words.ts';

/** How long the dock's word stays, in ms. */
const SAID_MS = 3_000;

const pageTime: PageTime = {
  now: () => performance.now(),
  after: (delayMs, run) => void setTimeout(run, delayMs),
};

let view: CabinetView | undefined;
let chosen = 1;
let silence: ReturnType<typeof setTimeout> | undefined;
/** What the panel was last drawn from: it is drawn anew only when that changed, so that no button moves under a finger. */
let drawn = '';

function say(text: string): void {
  byId('said').textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => (byId('said').textContent = ''), SAID_MS);
}

async function doIt(path: string, body: object, done = ''): Promise<Answer> {
  const answer = await act(path, body);
  if (!answer.ok) say(answer.why === '' ? words().lost : answer.why);
  else say(answer.sent ? done : words().swallowed);
  return answer;
}

async function present(device: 'scanner' | 'reader', path: string, body: object): Promise<void> {
  const answer = await doIt(path, body, device === 'scanner' ? words().scanned : words().tapped);
  if (answer.ok && answer.sent) picture.flash(device);
}

const hands: Hands = {
  scan: (text) => void present('scanner', 'scan', { text }),
  card: (uid) => void present('reader', 'card', { uid }),
  scanMember: ({ memberId }) => void present('scanner', `demo/members/${memberId}/scan`, {}),
  fault: (request) => void doIt('faults', request),
  fill: (slot, goods) => void doIt(`slots/${String(slot)}/goods`, { goods }, words().filled),
  door: (open) => void doIt('door', { open }),
  mendAll: () => void doIt('reset', { what: 'faults' }),
  reset: () => {
    if (confirm(words().resetAsk)) void doIt('reset', {}, words().resetDone);
  },
};

const picture = new CabinetPicture(pageTime, {
  onChosen: (slot) => {
    chosen = slot;
    draw();
  },
  onPickUp: () => void doIt('tray/pickup', {}, words().taken),
});
const member = h('div');
const faults = h('div', { class: 'stack' });

function draw(): void {
  if (!view) return;
  picture.update(view, chosen);
  const { slots, drops, devices, beam, door, printed } = view;
  const slot = slots[chosen - 1];
  const now = JSON.stringify([
    language(),
    chosen,
    slot?.goods,
    slot?.faults,
    drops,
    devices,
    beam.fault,
    door,
    printed,
  ]);
  if (now === drawn) return;
  drawn = now;
  faults.replaceChildren(slotCard(view, chosen, hands), devicesCard(view, hands));
  byId('truth').replaceChildren(machineCard(view, hands), ...truthCards(view));
}

async function drawWords(): Promise<void> {
  const said = words();
  document.documentElement.lang = language();
  document.title = said.title;
  byId('title').textContent = said.title;
  byId('subtitle').textContent = said.subtitle;
  byId('language').textContent = said.otherLanguage;
  draw();
  member.replaceChildren(memberCard(await demoMembers(), hands));
}

byId('cabinet').append(picture.root);
byId('panel').append(member, faults);
byId('language').addEventListener('click', () => {
  switchLanguage();
  void drawWords();
});
void drawWords();
follow(
  (next) => {
    view = next;
    draw();
  },
  (live) => {
    byId('line').textContent = live ? words().live : words().lost;
    byId('line').classList.toggle('on', live);
    if (live) void drawWords();
  },
);
