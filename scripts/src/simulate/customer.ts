import type { Intent, Snapshot } from '@tessera/shared/protocol/ui';
import type { KioskHost } from './kiosk-host.ts';
import type { SeededChance } from './seeded-chance.ts';
import { codeOf, type SimulatedMember } from './seed-alliance.ts';
import type { VirtualTime } from './virtual-time.ts';

export type CustomerDependencies = {
  readonly time: VirtualTime;
  readonly chance: SeededChance;
  readonly trace: (text: string) => void;
  /** Called when a redemption is confirmed at the screen. */
  readonly onConfirm: () => void;
};

/** Nobody stands longer than this at a machine. */
const PATIENCE_MS = 180_000;
const LOOK_EVERY_MS = 400;

/** One visit of one member: scans, chooses, taps (sometimes twice, sometimes goes away), takes the gift. */
export async function visit(member: SimulatedMember, kiosk: KioskHost, deps: CustomerDependencies): Promise<void> {
  const { time, chance } = deps;
  const until = time.nowMs + PATIENCE_MS;
  if (screenOf(kiosk)?.screen.name !== 'attract') return;
  identify(member, kiosk, deps);
  let acted = '';
  let gifts = 0;
  while (time.nowMs < until) {
    await time.sleep(LOOK_EVERY_MS + chance.integer(LOOK_EVERY_MS));
    const snapshot = screenOf(kiosk);
    if (!snapshot) continue;
    const moment = `${snapshot.epoch}/${String(snapshot.version)}`;
    if (moment === acted) continue;
    acted = moment;
    if (snapshot.screen.name === 'attract' && gifts > 0) return;
    if (snapshot.screen.name === 'take') gifts += 1;
    if ((await act(snapshot, member, kiosk, deps)) === 'gone') return;
  }
}

const screenOf = (kiosk: KioskHost): Snapshot | undefined => kiosk.daemon?.controller.snapshot;

function identify(member: SimulatedMember, kiosk: KioskHost, { time, chance }: CustomerDependencies): void {
  const snapshot = screenOf(kiosk);
  if (chance.happens(0.85) || !snapshot) kiosk.scanner.read(codeOf(member, time.nowMs));
  else tap(kiosk, snapshot, { type: 'begin' });
}

/** What a person does on the screen that is shown. */
async function act(
  snapshot: Snapshot,
  member: SimulatedMember,
  kiosk: KioskHost,
  deps: CustomerDependencies,
): Promise<'stays' | 'gone'> {
  const { time, chance } = deps;
  const { screen } = snapshot;
  const does = (intent: Intent): 'stays' => {
    tap(kiosk, snapshot, intent);
    return 'stays';
  };
  switch (screen.name) {
    case 'attract':
    case 'out_of_service':
      return 'gone';
    case 'identify':
      return chance.happens(0.5) ? does({ type: 'enter_number' }) : leave(kiosk, snapshot);
    case 'enter_number':
      return does({ type: 'submit_number', memberId: member.memberId });
    case 'enter_pin':
      return does({ type: 'submit_pin', pin: chance.happens(0.9) ? member.pin : '0000' });
    case 'choose': {
      if (chance.happens(0.02)) return 'gone';
      const offers = screen.offers.filter(({ state }) => state === 'available');
      if (offers.length === 0) return leave(kiosk, snapshot);
      return does({ type: 'choose', rewardId: chance.pick(offers).rewardId });
    }
    case 'confirm': {
      if (chance.happens(0.02)) return 'gone';
      if (chance.happens(0.03)) return does({ type: 'back' });
      if (tap(kiosk, snapshot, { type: 'confirm' })) deps.onConfirm();
      // An impatient finger: the second tap is for a screen that is gone.
      if (chance.happens(0.2)) tap(kiosk, snapshot, { type: 'confirm' });
      return 'stays';
    }
    case 'take': {
      await time.sleep(500 + chance.integer(4_000));
      if (!chance.happens(0.03)) kiosk.cabinet.pickUp();
      const now = screenOf(kiosk);
      if (now && chance.happens(0.4)) {
        tap(kiosk, now, { type: 'another' });
        return 'stays';
      }
      return now ? leave(kiosk, now) : 'gone';
    }
    case 'failed':
    case 'in_doubt':
      return leave(kiosk, snapshot);
    case 'checking':
    case 'dispensing':
      return 'stays';
  }
}

function leave(kiosk: KioskHost, snapshot: Snapshot): 'gone' {
  tap(kiosk, snapshot, { type: 'end' });
  return 'gone';
}

const tap = (kiosk: KioskHost, { epoch, version }: Snapshot, intent: Intent): boolean =>
  kiosk.daemon?.controller.intent({ epoch, version, intent }).ok ?? false;
