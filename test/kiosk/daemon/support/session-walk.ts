import { newSession, stepSession, type Session } from '@tessera/kiosk-daemon/session/step';
import type { SessionEvent } from '@tessera/kiosk-daemon/session/events';
import type { Surroundings } from '@tessera/kiosk-daemon/session/screen';
import { idOf, memberId, sampleConfig, tea } from './samples.ts';

const config = sampleConfig();
export const around: Surroundings = {
  config,
  slots: config.planogram.slots,
  outReasons: ['no_server'],
  pickupPossible: true,
  tray: 'empty',
  reading: { scanner: true, card: true },
  picturePath: () => null,
};
export const member = { maskedName: 'W••', points: 900, language: null, receiptTo: null, limited: [] };
export const note = { code: 'unavailable' };

/** One event of each name, with what it brings. */
export const samples: { [Name in SessionEvent['type']]: Extract<SessionEvent, { type: Name }> } = {
  service_back: { type: 'service_back' },
  service_lost: { type: 'service_lost' },
  begin: { type: 'begin' },
  enter_number: { type: 'enter_number' },
  submit_number: { type: 'submit_number', memberId },
  bad_number: { type: 'bad_number' },
  submit_pin: { type: 'submit_pin', pin: '1234' },
  bad_pin: { type: 'bad_pin' },
  choose: { type: 'choose', reward: tea },
  bad_choice: { type: 'bad_choice', note },
  confirm: { type: 'confirm', redemptionId: idOf(70), slot: 1, planogramVersion: 3 },
  back: { type: 'back' },
  another: { type: 'another' },
  more_time: { type: 'more_time' },
  end: { type: 'end' },
  end_tray_full: { type: 'end_tray_full' },
  scan_member: { type: 'scan_member', text: 'T1.x' },
  scan_pickup: { type: 'scan_pickup', text: 'P1.x' },
  scan_unknown: { type: 'scan_unknown' },
  card: { type: 'card', uid: '0A1B2C3D' },
  identified: { type: 'identified', sessionId: idOf(60), member },
  refused_scan: { type: 'refused_scan', note },
  refused_card: { type: 'refused_card', note },
  refused_number: { type: 'refused_number', note },
  authorised: { type: 'authorised', pointsAfter: 600 },
  refused_price: { type: 'refused_price', note, price: 350 },
  refused_choice: { type: 'refused_choice', note },
  refused_session: { type: 'refused_session', note },
  phase: { type: 'phase', phase: 'turning' },
  gave_up: { type: 'gave_up', code: 'unavailable' },
  dropped: { type: 'dropped' },
  not_dropped: { type: 'not_dropped' },
  unknown: { type: 'unknown' },
  pickup_accepted: { type: 'pickup_accepted', redemptionId: idOf(71), reward: tea, slot: 1 },
  pickup_refused: { type: 'pickup_refused', code: 'pickup_code_invalid' },
  tray_emptied: { type: 'tray_emptied' },
  timeout: { type: 'timeout' },
};

/** Takes events one after the other; refused ones change nothing. */
export function follow(
  events: readonly SessionEvent['type'][],
  visit: (at: Session, event: SessionEvent) => void = () => undefined,
) {
  let at = newSession;
  for (const name of events) {
    const step = stepSession(at, samples[name]);
    if (step.ok) at = step.value.next;
    visit(at, samples[name]);
  }
  return at;
}

export const path = (...events: SessionEvent['type'][]): Session => follow(['service_back', ...events]);
export const signIn = ['scan_member', 'identified'] as const;
export const toConfirm = [...signIn, 'choose'] as const;
