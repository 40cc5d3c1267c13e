import type { Intent, Screen, ScreenName, Snapshot } from '@tessera/shared/protocol/ui';
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
  /** Some kiosk, perhaps another one. */
  readonly elsewhere: () => KioskHost;
  readonly violate: (text: string) => void;
};

/** Nobody stands longer than this at a machine. */
const PATIENCE_MS = 180_000;
const LOOK_EVERY_MS = 800;

/** One visit of one member: scans, chooses, taps (sometimes twice, sometimes goes away), takes the gift. */
export async function visit(member: SimulatedMember, kiosk: KioskHost, deps: CustomerDependencies): Promise<void> {
  const { time, chance } = deps;
  const until = time.nowMs + PATIENCE_MS;
  if (screenOf(kiosk)?.screen.name !== 'attract') return;
  identify(member, kiosk, deps);
  let acted: Snapshot | undefined;
  let gifts = 0;
  while (time.nowMs < until) {
    await time.sleep(LOOK_EVERY_MS + chance.integer(LOOK_EVERY_MS));
    const snapshot = screenOf(kiosk);
    if (!snapshot) continue;
    if (snapshot.epoch === acted?.epoch && snapshot.version === acted.version) continue;
    if (acted && chance.happens(0.05)) tapLate(kiosk, acted, deps);
    acted = snapshot;
    if (snapshot.screen.name === 'attract' && gifts > 0) return;
    if (snapshot.screen.name === 'take') gifts += 1;
    if ((await act(snapshot, member, kiosk, deps)) === 'gone') return;
  }
}

const screenOf = (kiosk: KioskHost): Snapshot | undefined => kiosk.daemon?.controller.snapshot;

function identify(member: SimulatedMember, kiosk: KioskHost, deps: CustomerDependencies): void {
  const { time, chance } = deps;
  const snapshot = screenOf(kiosk);
  if (chance.happens(0.15) && snapshot) {
    tap(kiosk, snapshot, { type: 'begin' });
    return;
  }
  const code = codeOf(member, time.nowMs);
  kiosk.scanner.read(code);
  if (chance.happens(0.05)) void showElsewhere(code, deps);
}

/** Somebody has photographed the code and shows it at another kiosk, or the member runs there. */
async function showElsewhere(code: string, { time, chance, elsewhere }: CustomerDependencies): Promise<void> {
  await time.sleep(1_000 + chance.integer(9_000));
  const kiosk = elsewhere();
  if (screenOf(kiosk)?.screen.name === 'attract') kiosk.scanner.read(code);
}

const lateTaps: readonly Intent[] = [{ type: 'confirm' }, { type: 'back' }, { type: 'another' }];

/** A slow finger: the tap is for a screen that is gone, and must not do anything on the one that is there. */
function tapLate(kiosk: KioskHost, { epoch, version }: Snapshot, { chance, violate }: CustomerDependencies): void {
  const intent = chance.pick(lateTaps);
  const tapped = kiosk.daemon?.controller.intent({ epoch, version, intent });
  if (tapped && (tapped.ok || tapped.error.code !== 'stale_tap'))
    violate(`${kiosk.kioskId}: a late ${intent.type} was taken`);
}

/** What a person does next: stays at the machine, or is gone. */
type Next = 'stays' | 'gone';

/** What a person does on each screen. A missing one does not compile. */
const habits: {
  readonly [Name in ScreenName]: (at: Standing<Name>, deps: CustomerDependencies) => Next | Promise<Next>;
} = {
  attract: () => 'gone',
  out_of_service: () => 'gone',
  checking: () => 'stays',
  dispensing: () => 'stays',
  failed: (at) => leave(at.kiosk, at.snapshot),
  in_doubt: (at) => leave(at.kiosk, at.snapshot),
  identify: (at, { chance }) =>
    chance.happens(0.5) ? does(at, { type: 'enter_number' }) : leave(at.kiosk, at.snapshot),
  enter_number: (at) => does(at, { type: 'submit_number', memberId: at.member.memberId }),
  enter_pin: (at, { chance }) => does(at, { type: 'submit_pin', pin: chance.happens(0.9) ? at.member.pin : '0000' }),
  choose: (at, { chance }) => {
    if (chance.happens(0.02)) return 'gone';
    const offers = at.screen.offers.filter(({ state }) => state === 'available');
    if (offers.length === 0) return leave(at.kiosk, at.snapshot);
    return does(at, { type: 'choose', rewardId: chance.pick(offers).rewardId });
  },
  confirm: (at, { chance, onConfirm }) => {
    if (chance.happens(0.02)) return 'gone';
    if (chance.happens(0.03)) return does(at, { type: 'back' });
    if (tap(at.kiosk, at.snapshot, { type: 'confirm' })) onConfirm();
    // An impatient finger: the second tap is for a screen that is gone.
    return chance.happens(0.2) ? does(at, { type: 'confirm' }) : 'stays';
  },
  take: async ({ kiosk }, { time, chance }) => {
    await time.sleep(500 + chance.integer(4_000));
    if (!chance.happens(0.03)) kiosk.cabinet.pickUp();
    const now = screenOf(kiosk);
    if (!now) return 'gone';
    if (!chance.happens(0.4)) return leave(kiosk, now);
    tap(kiosk, now, { type: 'another' });
    return 'stays';
  },
};

/** A person in front of one screen. */
type Standing<Name extends ScreenName> = {
  readonly member: SimulatedMember;
  readonly kiosk: KioskHost;
  readonly snapshot: Snapshot;
  readonly screen: Extract<Screen, { name: Name }>;
};

async function act(
  snapshot: Snapshot,
  member: SimulatedMember,
  kiosk: KioskHost,
  deps: CustomerDependencies,
): Promise<Next> {
  const { screen } = snapshot;
  const habit = habits[screen.name] as (at: Standing<ScreenName>, deps: CustomerDependencies) => Next | Promise<Next>;
  return habit({ member, kiosk, snapshot, screen }, deps);
}

function does({ kiosk, snapshot }: Pick<Standing<ScreenName>, 'kiosk' | 'snapshot'>, intent: Intent): 'stays' {
  tap(kiosk, snapshot, intent);
  return 'stays';
}

function leave(kiosk: KioskHost, snapshot: Snapshot): 'gone' {
  tap(kiosk, snapshot, { type: 'end' });
  return 'gone';
}

const tap = (kiosk: KioskHost, { epoch, version }: Snapshot, intent: Intent): boolean =>
  kiosk.daemon?.controller.intent({ epoch, version, intent }).ok ?? false;
