import type { KioskConfig, SlotView } from '@tessera/shared/protocol/kiosk-parts';
import type { Gift, OutReason, Screen, VendPhase } from '@tessera/shared/protocol/ui';
import { assert } from '@tessera/shared/result';
import type { SessionData } from './data.ts';
import type { SessionState } from './events.ts';
import { canPromise, giftOf, offersFor, rewardsHere, type PicturePath } from './offers.ts';
import type { Session } from './step.ts';

/** What the screen shows beside the session: the kiosk's configuration, slots and service. */
export type Surroundings = {
  readonly config: KioskConfig | null;
  readonly slots: readonly SlotView[];
  readonly outReasons: readonly OutReason[];
  readonly pickupPossible: boolean;
  readonly tray: 'empty' | 'occupied' | 'unknown';
  /** Readers that are there and working; without one its way to say who is there is shut. */
  readonly reading: { readonly scanner: boolean; readonly card: boolean };
  readonly picturePath: PicturePath;
};

type Draw = (data: SessionData, around: Surroundings) => Screen;

const walkUpPhases: readonly VendPhase[] = ['authorising', 'preparing', 'turning', 'watching', 'settling'];
const pickupPhases = walkUpPhases.slice(1);

const helpOf = ({ config }: Surroundings): string => config?.help ?? '';

const outOfService: Draw = (_, around) => ({
  name: 'out_of_service',
  reasons: [...around.outReasons],
  pickupPossible: around.pickupPossible,
  help: helpOf(around),
});

function giftIn(data: SessionData, { picturePath }: Surroundings): Gift {
  assert(data.reward !== null, 'this screen is about a gift');
  return giftOf(data.reward, picturePath);
}

const dispensing: Draw = (data, around) => {
  assert(data.redemption !== null, 'a redemption runs');
  const phases = data.redemption.via === 'pickup' ? pickupPhases : walkUpPhases;
  return {
    name: 'dispensing',
    gift: giftIn(data, around),
    slot: data.redemption.slot,
    slots: around.slots.map(({ slot }) => slot),
    phase: data.phase,
    step: phases.indexOf(data.phase) + 1,
    steps: phases.length,
  };
};

const enterPin =
  (credential: 'card' | 'member_id'): Draw =>
  ({ note }) => ({ name: 'enter_pin', for: credential, note });

/** A person who holds a code before a dead scanner is told to type instead. */
const identify: Draw = ({ note }, { reading: { scanner, card } }) => {
  const away = scanner ? 'card_reader_away' : card ? 'scanner_away' : 'readers_away';
  return { name: 'identify', note: note ?? (scanner && card ? null : { code: away }) };
};

const checking: Draw = () => ({ name: 'checking' });

const byState: Readonly<Record<SessionState, Draw>> = {
  starting: outOfService,
  out_of_service: outOfService,
  attract: (_, { config, slots, picturePath }) => ({
    name: 'attract',
    gifts: (config ? rewardsHere(config, slots.filter(canPromise)) : []).map((reward) => giftOf(reward, picturePath)),
  }),
  identify,
  enter_number: ({ note }) => ({ name: 'enter_number', note }),
  enter_pin_card: enterPin('card'),
  enter_pin_number: enterPin('member_id'),
  checking,
  pickup_checking: checking,
  choose: ({ member, note }, { config, slots, picturePath }) => ({
    name: 'choose',
    offers: member && config ? offersFor(config, slots, member.view, picturePath) : [],
    note,
  }),
  confirm: (data, around) => {
    const gift = giftIn(data, around);
    return { name: 'confirm', gift, pointsAfter: (data.member?.view.points ?? 0) - gift.price, note: data.note };
  },
  authorising: dispensing,
  preparing: dispensing,
  vending: dispensing,
  take: (data, around) => ({
    name: 'take',
    gift: giftIn(data, around),
    pointsLeft: data.member?.view.points ?? null,
    receiptTo: data.member?.view.receiptTo ?? null,
    trayEmpty: data.trayEmpty,
    another: data.member !== null && around.tray !== 'occupied',
  }),
  failed: (data, around) => ({
    name: 'failed',
    code: data.failure ?? 'not_dropped',
    gift: data.reward ? giftIn(data, around) : null,
    pointsTaken: 0,
    another: data.member !== null,
    help: helpOf(around),
  }),
  in_doubt: (data, around) => ({
    name: 'in_doubt',
    gift: giftIn(data, around),
    points: data.reward?.price ?? 0,
    reference: data.redemption?.id ?? '',
    help: helpOf(around),
  }),
};

/** Exactly what is to be drawn for a session. Pure. */
export const screenOf = ({ state, data }: Session, around: Surroundings): Screen => byState[state](data, around);
