import { go, no, type MachineTable } from '@tessera/shared/machine';
import type { SessionEffect, SessionEventName, SessionState } from './events.ts';

type Table = MachineTable<SessionState, SessionEventName, SessionEffect>;
type Row = Table[SessionState];

const to = go<SessionState, SessionEffect>;

/** Every event refused for one reason: a state then names what it does take. */
const refuseAll = (reason: string): Row => ({
  service_back: no('in_service_already'),
  service_lost: no('decided_after_this_session'),
  begin: no(reason),
  enter_number: no(reason),
  submit_number: no(reason),
  bad_number: no(reason),
  submit_pin: no(reason),
  bad_pin: no(reason),
  choose: no(reason),
  bad_choice: no(reason),
  confirm: no(reason),
  back: no(reason),
  another: no(reason),
  more_time: no(reason),
  end: no(reason),
  end_tray_full: no(reason),
  scan_member: no(reason),
  scan_pickup: no(reason),
  scan_unknown: no(reason),
  card: no(reason),
  identified: no('nobody_asked'),
  refused_scan: no('nobody_asked'),
  refused_card: no('nobody_asked'),
  refused_number: no('nobody_asked'),
  authorised: no('no_redemption'),
  refused_price: no('no_redemption'),
  refused_choice: no('no_redemption'),
  refused_session: no('no_redemption'),
  phase: no('no_redemption'),
  gave_up: no('no_redemption'),
  dropped: no('no_redemption'),
  not_dropped: no('no_redemption'),
  unknown: no('no_redemption'),
  pickup_accepted: no('no_pickup'),
  pickup_refused: no('no_pickup'),
  tray_emptied: no('no_gift_in_the_tray'),
  timeout: no('no_time_limit'),
});

/** Back to the start; nothing of the member is kept (data.ts empties the session on arrival). */
const leave = to('attract', 'close_session', 'reset_prefs');

/** Nobody is signed in yet: any credential is welcome, and the kiosk may go out of service at once. */
const readers: Pick<Row, 'scan_member' | 'scan_pickup' | 'scan_unknown' | 'card' | 'service_lost'> = {
  scan_member: to('checking', 'identify'),
  scan_pickup: to('pickup_checking', 'check_pickup'),
  scan_unknown: to('identify', 'restart_timer'),
  card: to('enter_pin_card', 'restart_timer'),
  service_lost: to('out_of_service', 'reset_prefs'),
};

const leaving: Pick<Row, 'end' | 'timeout'> = { end: leave, timeout: leave };

/** A redemption runs: it cannot be stopped by a tap, a reader or a clock, only by its own end. */
const running: Row = {
  ...refuseAll('busy'),
  gave_up: to('failed'),
  dropped: to('take'),
  not_dropped: to('failed'),
  unknown: to('in_doubt'),
};

export const session: Table = {
  starting: {
    ...refuseAll('starting'),
    service_back: to('attract'),
    service_lost: to('out_of_service'),
  },
  out_of_service: {
    ...refuseAll('out_of_service'),
    service_back: to('attract'),
    service_lost: to('out_of_service'),
    scan_pickup: to('pickup_checking', 'check_pickup'),
    timeout: to('out_of_service', 'reset_prefs'),
  },
  attract: {
    ...refuseAll('nobody_signed_in'),
    ...readers,
    begin: to('identify'),
    timeout: to('attract', 'reset_prefs'),
  },
  identify: {
    ...refuseAll('nobody_signed_in'),
    ...readers,
    ...leaving,
    begin: no('begun_already'),
    enter_number: to('enter_number'),
    back: leave,
    more_time: to('identify', 'restart_timer'),
  },
  enter_number: {
    ...refuseAll('nobody_signed_in'),
    ...readers,
    ...leaving,
    submit_number: to('enter_pin_number'),
    bad_number: to('enter_number', 'restart_timer'),
    back: to('identify'),
    more_time: to('enter_number', 'restart_timer'),
  },
  enter_pin_card: {
    ...refuseAll('nobody_signed_in'),
    ...readers,
    ...leaving,
    submit_pin: to('checking', 'identify'),
    bad_pin: to('enter_pin_card', 'restart_timer'),
    back: to('identify'),
    more_time: to('enter_pin_card', 'restart_timer'),
  },
  enter_pin_number: {
    ...refuseAll('nobody_signed_in'),
    ...readers,
    ...leaving,
    submit_pin: to('checking', 'identify'),
    bad_pin: to('enter_pin_number', 'restart_timer'),
    back: to('enter_number'),
    more_time: to('enter_pin_number', 'restart_timer'),
  },
  checking: {
    ...refuseAll('busy'),
    end: leave,
    timeout: to('identify'),
    identified: to('choose'),
    refused_scan: to('identify'),
    refused_card: to('enter_pin_card'),
    refused_number: to('enter_pin_number'),
  },
  choose: {
    ...refuseAll('signed_in_already'),
    ...leaving,
    choose: to('confirm', 'prove'),
    bad_choice: to('choose', 'restart_timer'),
    confirm: no('nothing_chosen'),
    back: no('nothing_behind'),
    another: no('no_gift_yet'),
    more_time: to('choose', 'restart_timer'),
  },
  confirm: {
    ...refuseAll('signed_in_already'),
    ...leaving,
    choose: no('chosen_already'),
    bad_choice: to('choose'),
    confirm: to('authorising', 'redeem'),
    back: to('choose'),
    another: no('no_gift_yet'),
    more_time: to('confirm', 'restart_timer', 'prove'),
  },
  authorising: {
    ...running,
    authorised: to('preparing'),
    refused_price: to('confirm', 'prove'),
    refused_choice: to('choose'),
    refused_session: to('identify', 'close_session'),
    dropped: no('not_authorised'),
    not_dropped: no('not_authorised'),
    unknown: no('not_authorised'),
  },
  preparing: { ...running, phase: to('vending') },
  vending: { ...running, phase: to('vending') },
  pickup_checking: {
    ...refuseAll('busy'),
    pickup_accepted: to('preparing'),
    pickup_refused: to('failed'),
  },
  take: {
    ...refuseAll('gift_waits'),
    ...leaving,
    end_tray_full: to('take', 'close_session', 'reset_prefs'),
    timeout: to('attract', 'close_session', 'reset_prefs', 'note_tray_full'),
    another: to('choose'),
    tray_emptied: to('take', 'restart_timer'),
    more_time: to('take', 'restart_timer'),
  },
  failed: {
    ...refuseAll('read_this_first'),
    ...leaving,
    another: to('choose'),
    more_time: to('failed', 'restart_timer'),
  },
  in_doubt: {
    ...refuseAll('read_this_first'),
    ...leaving,
    more_time: to('in_doubt', 'restart_timer'),
  },
};
