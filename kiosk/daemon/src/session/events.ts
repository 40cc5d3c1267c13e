import type { MemberView } from '@tessera/shared/protocol/kiosk';
import type { RewardView } from '@tessera/shared/protocol/kiosk-parts';

/** A remark on a screen: a problem's code and what its sentence needs. */
export type Note = { readonly code: string; readonly attemptsLeft?: number; readonly retryAfterMs?: number };

export const sessionStates = [
  'starting',
  'out_of_service',
  'attract',
  'identify',
  'enter_number',
  'enter_pin_card',
  'enter_pin_number',
  'checking',
  'choose',
  'confirm',
  'authorising',
  'preparing',
  'vending',
  'take',
  'failed',
  'in_doubt',
  'pickup_checking',
] as const;
export type SessionState = (typeof sessionStates)[number];

/**
 * All that can happen to a session, with what it brings. What depends on facts outside of the session (is the PIN well
 * formed, is the gift there) is decided before, by the shell, and has an event of its own: the table stays total and pure.
 */
export type SessionEvent =
  /** The kiosk can, or can no longer, promise a gift. */
  | { readonly type: 'service_back' }
  | { readonly type: 'service_lost' }
  /** Taps. `bad_…` are taps whose content does not stand. */
  | { readonly type: 'begin' }
  | { readonly type: 'enter_number' }
  | { readonly type: 'submit_number'; readonly memberId: string }
  | { readonly type: 'bad_number' }
  | { readonly type: 'submit_pin'; readonly pin: string }
  | { readonly type: 'bad_pin' }
  | { readonly type: 'choose'; readonly reward: RewardView }
  | { readonly type: 'bad_choice'; readonly note: Note }
  | {
      readonly type: 'confirm';
      readonly redemptionId: string;
      readonly slot: number;
      readonly planogramVersion: number;
    }
  | { readonly type: 'back' }
  | { readonly type: 'another' }
  | { readonly type: 'more_time' }
  | { readonly type: 'end' }
  /** End, while the gift still lies in the tray. */
  | { readonly type: 'end_tray_full' }
  /** Scanner and card reader. */
  | { readonly type: 'scan_member'; readonly text: string }
  | { readonly type: 'scan_pickup'; readonly text: string }
  | { readonly type: 'scan_unknown' }
  | { readonly type: 'card'; readonly uid: string }
  /** The server's word on a credential. */
  | { readonly type: 'identified'; readonly sessionId: string; readonly member: MemberView }
  | { readonly type: 'refused_scan'; readonly note: Note }
  | { readonly type: 'refused_card'; readonly note: Note }
  | { readonly type: 'refused_number'; readonly note: Note }
  /** The redemption's news. */
  | { readonly type: 'authorised'; readonly pointsAfter: number }
  | { readonly type: 'refused_price'; readonly note: Note; readonly price: number }
  | { readonly type: 'refused_choice'; readonly note: Note }
  | { readonly type: 'refused_session'; readonly note: Note }
  | { readonly type: 'phase'; readonly phase: 'turning' | 'watching' | 'settling' }
  | { readonly type: 'gave_up'; readonly code: string }
  | { readonly type: 'dropped' }
  | { readonly type: 'not_dropped' }
  | { readonly type: 'unknown' }
  /** A pick-up code, verified here or not. */
  | {
      readonly type: 'pickup_accepted';
      readonly redemptionId: string;
      readonly reward: RewardView;
      readonly slot: number;
    }
  | { readonly type: 'pickup_refused'; readonly code: string }
  | { readonly type: 'tray_emptied' }
  | { readonly type: 'timeout' };

export type SessionEventName = SessionEvent['type'];
export type SessionEventOf<Name extends SessionEventName> = Extract<SessionEvent, { type: Name }>;

/** Every name of an event once: what the table is total over. */
export const sessionEvents = [
  'service_back',
  'service_lost',
  'begin',
  'enter_number',
  'submit_number',
  'bad_number',
  'submit_pin',
  'bad_pin',
  'choose',
  'bad_choice',
  'confirm',
  'back',
  'another',
  'more_time',
  'end',
  'end_tray_full',
  'scan_member',
  'scan_pickup',
  'scan_unknown',
  'card',
  'identified',
  'refused_scan',
  'refused_card',
  'refused_number',
  'authorised',
  'refused_price',
  'refused_choice',
  'refused_session',
  'phase',
  'gave_up',
  'dropped',
  'not_dropped',
  'unknown',
  'pickup_accepted',
  'pickup_refused',
  'tray_emptied',
  'timeout',
] as const satisfies readonly SessionEventName[];

/**
 * `identify` asks the server for the credential; `close_session` tells it that the member is gone; `prove` has the
 * machine proved ready while the member decides; `redeem` runs the redemption; `check_pickup` verifies a code and runs it; `restart_timer` gives the screen its full time again;
 * `reset_prefs` brings back the kiosk's own language and looks; `note_tray_full` logs a tray left full.
 */
export const sessionEffects = [
  'identify',
  'close_session',
  'prove',
  'redeem',
  'check_pickup',
  'restart_timer',
  'reset_prefs',
  'note_tray_full',
] as const;
export type SessionEffect = (typeof sessionEffects)[number];
