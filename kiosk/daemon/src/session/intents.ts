import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { pinSchema } from '@tessera/shared/ids/schemas';
import { problem, type Problem } from '@tessera/shared/problem';
import type { KioskConfig, SlotView } from '@tessera/shared/protocol/kiosk-parts';
import type { Intent } from '@tessera/shared/protocol/ui';
import { err, ok, type Result } from '@tessera/shared/result';
import type { SessionEvent, SessionState } from './events.ts';
import { offersFor, slotForWalkUp } from './offers.ts';
import type { Session } from './step.ts';

export type TapFacts = {
  readonly session: Session;
  readonly config: KioskConfig | null;
  readonly slots: readonly SlotView[];
  readonly trayOccupied: boolean;
  readonly newId: () => string;
};

type Tap = Exclude<Intent, { type: 'set_prefs' }>;

/** Taps whose content can only be judged on one screen. */
const needsScreen: Readonly<Partial<Record<Tap['type'], SessionState>>> = { choose: 'choose', confirm: 'confirm' };

/** What a tap means here and now: an event of the session, or a refusal. Pure but for the id that a confirmation is given. */
export function readTap(tap: Tap, facts: TapFacts): Result<SessionEvent, Problem> {
  const screen = needsScreen[tap.type];
  if (screen && screen !== facts.session.state) return err(problem('not_now'));
  switch (tap.type) {
    case 'submit_number':
      return ok(readNumber(tap.memberId));
    case 'submit_pin':
      return ok(readPin(tap.pin));
    case 'choose':
      return ok(readChoice(tap.rewardId, facts));
    case 'confirm':
      return ok(readConfirm(facts));
    case 'another':
      return mayChooseAgain(facts) ? ok(tap) : err(problem('not_now'));
    case 'end':
      return ok(isGiftInTray(facts) ? { type: 'end_tray_full' } : tap);
    case 'begin':
    case 'enter_number':
    case 'back':
    case 'more_time':
      return ok(tap);
  }
}

/** A typed member number, with or without the spaces it is printed with. */
function readNumber(typed: string): SessionEvent {
  const memberId = memberIdSchema.safeParse(typed.replaceAll(' ', ''));
  return memberId.success ? { type: 'submit_number', memberId: memberId.data } : { type: 'bad_number' };
}

function readPin(typed: string): SessionEvent {
  const pin = pinSchema.safeParse(typed);
  return pin.success ? { type: 'submit_pin', pin: pin.data } : { type: 'bad_pin' };
}

const isGiftInTray = ({ session, trayOccupied }: TapFacts): boolean => session.state === 'take' && trayOccupied;

const mayChooseAgain = (facts: TapFacts): boolean => facts.session.data.member !== null && !isGiftInTray(facts);

const unavailable = {
  available: 'reward_unavailable',
  short: 'insufficient_points',
  limit: 'limit_reached',
  sold_out: 'out_of_stock',
} as const;

function readChoice(rewardId: string, { session, config, slots }: TapFacts): SessionEvent {
  const { member } = session.data;
  const reward = config?.rewards.find((each) => each.rewardId === rewardId);
  if (!config || !member || !reward) return { type: 'bad_choice', note: { code: 'reward_unavailable' } };
  const offer = offersFor(config, slots, member.view, () => null).find((each) => each.rewardId === rewardId);
  if (offer?.state === 'available') return { type: 'choose', reward };
  return { type: 'bad_choice', note: { code: unavailable[offer?.state ?? 'available'] } };
}

function readConfirm({ session, config, slots, newId }: TapFacts): SessionEvent {
  const { reward, member } = session.data;
  const slot = reward && slotForWalkUp(slots, reward.rewardId);
  if (!config || !reward || !slot) return { type: 'bad_choice', note: { code: 'out_of_stock' } };
  if ((member?.view.points ?? 0) < reward.price) return { type: 'bad_choice', note: { code: 'insufficient_points' } };
  return { type: 'confirm', redemptionId: newId(), slot: slot.slot, planogramVersion: config.planogram.version };
}
