import { expect } from 'chai';
import { sessionEvents, sessionStates, type SessionState } from '@tessera/kiosk-daemon/session/events';
import { session } from '@tessera/kiosk-daemon/session/table';
import { answersIn } from '../../../shared/support/answers-in.ts';

/** Why an event that means nothing on a screen is refused there, whatever the screen; for all others the screen has a reason. */
const alwaysRefused = [
  'service_back refused: in_service_already',
  'service_lost refused: decided_after_this_session',
  'identified refused_scan refused_card refused_number refused: nobody_asked',
  'authorised refused_price refused_choice refused_session phase gave_up dropped not_dropped unknown refused: no_redemption',
  'pickup_accepted pickup_refused refused: no_pickup',
  'tray_emptied refused: no_gift_in_the_tray',
  'timeout refused: no_time_limit',
];

/**
 * The session's table, written down a second time in the other direction: what each screen says to which events, and its
 * reason for refusing all others. Whoever changes the table has to mean it twice.
 */
const screens: Readonly<Record<SessionState, { readonly refuses: string; readonly says: readonly string[] }>> = {
  starting: {
    refuses: 'starting',
    says: ['service_back → attract', 'service_lost → out_of_service'],
  },
  out_of_service: {
    refuses: 'out_of_service',
    says: [
      'service_back → attract',
      'service_lost → out_of_service',
      'scan_pickup → pickup_checking / check_pickup',
      'timeout → out_of_service / reset_prefs',
    ],
  },
  attract: {
    refuses: 'nobody_signed_in',
    says: [
      'service_lost → out_of_service / reset_prefs',
      'begin → identify',
      'scan_member → checking / identify',
      'scan_pickup → pickup_checking / check_pickup',
      'scan_unknown → identify / restart_timer',
      'card → enter_pin_card / restart_timer',
      'timeout → attract / reset_prefs',
    ],
  },
  identify: {
    refuses: 'nobody_signed_in',
    says: [
      'service_lost → out_of_service / reset_prefs',
      'begin refused: begun_already',
      'enter_number → enter_number',
      'back end timeout → attract / close_session, reset_prefs',
      'more_time scan_unknown → identify / restart_timer',
      'scan_member → checking / identify',
      'scan_pickup → pickup_checking / check_pickup',
      'card → enter_pin_card / restart_timer',
    ],
  },
  enter_number: {
    refuses: 'nobody_signed_in',
    says: [
      'service_lost → out_of_service / reset_prefs',
      'submit_number → enter_pin_number',
      'bad_number more_time → enter_number / restart_timer',
      'back → identify',
      'end timeout → attract / close_session, reset_prefs',
      'scan_member → checking / identify',
      'scan_pickup → pickup_checking / check_pickup',
      'scan_unknown → identify / restart_timer',
      'card → enter_pin_card / restart_timer',
    ],
  },
  enter_pin_card: {
    refuses: 'nobody_signed_in',
    says: [
      'service_lost → out_of_service / reset_prefs',
      'submit_pin scan_member → checking / identify',
      'bad_pin more_time card → enter_pin_card / restart_timer',
      'back → identify',
      'end timeout → attract / close_session, reset_prefs',
      'scan_pickup → pickup_checking / check_pickup',
      'scan_unknown → identify / restart_timer',
    ],
  },
  enter_pin_number: {
    refuses: 'nobody_signed_in',
    says: [
      'service_lost → out_of_service / reset_prefs',
      'submit_pin scan_member → checking / identify',
      'bad_pin more_time → enter_pin_number / restart_timer',
      'back → enter_number',
      'end timeout → attract / close_session, reset_prefs',
      'scan_pickup → pickup_checking / check_pickup',
      'scan_unknown → identify / restart_timer',
      'card → enter_pin_card / restart_timer',
    ],
  },
  checking: {
    refuses: 'busy',
    says: [
      'end → attract / close_session, reset_prefs',
      'identified → choose',
      'refused_scan timeout → identify',
      'refused_card → enter_pin_card',
      'refused_number → enter_pin_number',
    ],
  },
  choose: {
    refuses: 'signed_in_already',
    says: [
      'choose → confirm / prove',
      'bad_choice more_time → choose / restart_timer',
      'confirm refused: nothing_chosen',
      'back refused: nothing_behind',
      'another refused: no_gift_yet',
      'end timeout → attract / close_session, reset_prefs',
    ],
  },
  confirm: {
    refuses: 'signed_in_already',
    says: [
      'choose refused: chosen_already',
      'bad_choice back → choose',
      'confirm → authorising / redeem',
      'another refused: no_gift_yet',
      'more_time → confirm / restart_timer, prove',
      'end timeout → attract / close_session, reset_prefs',
    ],
  },
  authorising: {
    refuses: 'busy',
    says: [
      'authorised → preparing',
      'refused_price → confirm / prove',
      'refused_choice → choose',
      'refused_session → identify / close_session',
      'gave_up → failed',
      'dropped not_dropped unknown refused: not_authorised',
    ],
  },
  preparing: {
    refuses: 'busy',
    says: ['phase → vending', 'gave_up not_dropped → failed', 'dropped → take', 'unknown → in_doubt'],
  },
  vending: {
    refuses: 'busy',
    says: ['phase → vending', 'gave_up not_dropped → failed', 'dropped → take', 'unknown → in_doubt'],
  },
  take: {
    refuses: 'gift_waits',
    says: [
      'another → choose',
      'more_time tray_emptied → take / restart_timer',
      'end → attract / close_session, reset_prefs',
      'end_tray_full → take / close_session, reset_prefs',
      'timeout → attract / close_session, reset_prefs, note_tray_full',
    ],
  },
  failed: {
    refuses: 'read_this_first',
    says: [
      'another → choose',
      'more_time → failed / restart_timer',
      'end timeout → attract / close_session, reset_prefs',
    ],
  },
  in_doubt: {
    refuses: 'read_this_first',
    says: ['more_time → in_doubt / restart_timer', 'end timeout → attract / close_session, reset_prefs'],
  },
  pickup_checking: {
    refuses: 'busy',
    says: ['pickup_accepted → preparing', 'pickup_refused → failed'],
  },
};

/** `a b → c` as one answer for each event; later lines win. */
function perEvent(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, names = '', answer = ''] = /^(.*?) (→ .*|refused: .*)$/.exec(line) ?? [];
      return names.split(' ').map((name) => [name, answer]);
    }),
  );
}

describe('the table of the session', () => {
  for (const state of sessionStates) {
    it(`says what may happen in ${state}`, () => {
      const { refuses, says } = screens[state];
      const others = `${sessionEvents.join(' ')} refused: ${refuses}`;
      const expected = perEvent([others, ...alwaysRefused, ...says]);
      expect(perEvent(answersIn(session, state, sessionEvents))).to.deep.equal(expected);
    });
  }
});
