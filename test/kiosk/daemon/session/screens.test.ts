import { expect } from 'chai';
import { emptyData } from '@tessera/kiosk-daemon/session/data';
import { screenOf, type Surroundings } from '@tessera/kiosk-daemon/session/screen';
import { timeLimit } from '@tessera/kiosk-daemon/session/screen-timer';
import { stepSession, type Session } from '@tessera/kiosk-daemon/session/step';
import { sessionStates, type SessionEvent, type SessionState } from '@tessera/kiosk-daemon/session/events';
import { defaultTimeouts } from '@tessera/kiosk-daemon/platform/timeouts';
import { clock, idOf, memberId, tea } from '../support/samples.ts';
import { around, follow, member, note, path, samples, signIn, toConfirm } from '../support/session-walk.ts';

const withPictures: Surroundings = { ...around, picturePath: (path) => (path === null ? '/none' : `/local${path}`) };
const teaGift = { rewardId: tea.rewardId, name: tea.name, about: tea.about, price: 300, picture: null };
const clockGift = { rewardId: clock.rewardId, name: clock.name, about: clock.about, price: 5000, picture: null };
const authorised = [...toConfirm, 'confirm', 'authorised'] as const;

/** Where one more event leads, with what it brings. */
function then(at: Session, event: SessionEvent): Session {
  const step = stepSession(at, event);
  if (!step.ok) throw new Error(`${at.state} refuses ${event.type}: ${step.error}`);
  return step.value.next;
}

describe('the screens', () => {
  it('say why nothing can be had, and where help is', () => {
    const expected = { name: 'out_of_service', reasons: ['no_server'], pickupPossible: true, help: '+49 123' };
    expect(screenOf(follow([]), around)).to.deep.equal(expected);
    expect(screenOf(follow(['service_lost']), around)).to.deep.equal(expected);
    expect(screenOf(follow([]), { ...around, config: null })).to.deep.equal({ ...expected, help: '' });
  });

  it('show at the start what can be promised now', () => {
    expect(screenOf(path(), around)).to.deep.equal({ name: 'attract', gifts: [teaGift, clockGift] });
    const slots = around.slots.map((slot) => (slot.slot === 3 ? { ...slot, available: 0 } : slot));
    expect(screenOf(path(), { ...around, slots })).to.deep.equal({ name: 'attract', gifts: [teaGift] });
    expect(screenOf(path(), { ...around, config: null })).to.deep.equal({ name: 'attract', gifts: [] });
    expect(screenOf(path(), withPictures)).to.deep.include({
      gifts: [teaGift, clockGift].map((gift) => ({ ...gift, picture: '/none' })),
    });
  });

  it('tell who has no reader to hold anything to, unless there is something else to say', () => {
    const reading = (scanner: boolean, card: boolean): unknown =>
      screenOf(path('begin'), { ...around, reading: { scanner, card } });
    expect(reading(true, true)).to.deep.equal({ name: 'identify', note: null });
    expect(reading(true, false)).to.deep.equal({ name: 'identify', note: { code: 'card_reader_away' } });
    expect(reading(false, true)).to.deep.equal({ name: 'identify', note: { code: 'scanner_away' } });
    expect(reading(false, false)).to.deep.equal({ name: 'identify', note: { code: 'readers_away' } });
    const refused = path('scan_member', 'refused_scan');
    expect(screenOf(refused, { ...around, reading: { scanner: false, card: true } })).to.deep.include({ note });
  });

  it('ask for number and PIN, with what was wrong', () => {
    const wrong = { code: 'invalid_fields' };
    const typing = path('begin', 'enter_number');
    expect(screenOf(typing, around)).to.deep.equal({ name: 'enter_number', note: null });
    expect(screenOf(then(typing, { type: 'bad_number' }), around)).to.deep.equal({ name: 'enter_number', note: wrong });
    const pin = then(typing, samples.submit_number);
    expect(screenOf(pin, around)).to.deep.equal({ name: 'enter_pin', for: 'member_id', note: null });
    expect(screenOf(then(pin, { type: 'bad_pin' }), around)).to.deep.include({ for: 'member_id', note: wrong });
    expect(screenOf(path('card'), around)).to.deep.equal({ name: 'enter_pin', for: 'card', note: null });
    expect(screenOf(path('scan_unknown'), around)).to.deep.include({ note: { code: 'credential_refused' } });
    for (const at of [path('scan_member'), path('scan_pickup')]) {
      expect(screenOf(at, around)).to.deep.equal({ name: 'checking' });
    }
  });

  it('offer what there is, and nothing where nothing is known', () => {
    const at = path(...signIn);
    const offers = [
      { ...teaGift, state: 'available', missing: 0 },
      { ...clockGift, state: 'short', missing: 4100 },
    ];
    expect(screenOf(at, around)).to.deep.equal({ name: 'choose', offers, note: null });
    expect(screenOf(at, { ...around, config: null })).to.deep.include({ offers: [] });
    expect(screenOf({ ...at, data: emptyData }, around)).to.deep.include({ offers: [] });
    expect(screenOf(then(at, samples.bad_choice), around)).to.deep.include({ note });
  });

  it('say what will be left before it is confirmed', () => {
    expect(screenOf(path(...toConfirm), around)).to.deep.equal({
      name: 'confirm',
      gift: teaGift,
      pointsAfter: 600,
      note: null,
    });
    const nobody = { ...path(...toConfirm), data: { ...emptyData, reward: tea } };
    expect(screenOf(nobody, around)).to.deep.include({ pointsAfter: -300 });
  });

  it('count the steps of a gift: five for a walk-up, four for a pick-up', () => {
    const dispensing = { name: 'dispensing', gift: teaGift, slot: 1, slots: [1, 2, 3] };
    const asked = path(...toConfirm, 'confirm');
    expect(screenOf(asked, around)).to.deep.equal({ ...dispensing, phase: 'authorising', step: 1, steps: 5 });
    let at = then(asked, samples.authorised);
    expect(screenOf(at, around)).to.deep.equal({ ...dispensing, phase: 'preparing', step: 2, steps: 5 });
    for (const [phase, step] of [
      ['turning', 3],
      ['watching', 4],
      ['settling', 5],
    ] as const) {
      at = then(at, { type: 'phase', phase });
      expect(screenOf(at, around)).to.deep.equal({ ...dispensing, phase, step, steps: 5 });
    }
    const pickup = path('scan_pickup', 'pickup_accepted');
    expect(screenOf(pickup, around)).to.deep.equal({ ...dispensing, phase: 'preparing', step: 1, steps: 4 });
  });

  it('hand the gift over, with the points left and another one while the tray is free', () => {
    const taken = path(...authorised, 'dropped');
    const take = {
      name: 'take',
      gift: teaGift,
      pointsLeft: 600,
      receiptTo: null,
      trayEmpty: false,
      another: true,
    };
    expect(screenOf(taken, around)).to.deep.equal(take);
    expect(screenOf(taken, { ...around, tray: 'occupied' })).to.deep.equal({ ...take, another: false });
    expect(screenOf(taken, { ...around, tray: 'unknown' })).to.deep.equal(take);
    expect(screenOf(then(taken, { type: 'tray_emptied' }), around)).to.deep.equal({ ...take, trayEmpty: true });
    const receipt = { ...member, receiptTo: 'w••@example.org' };
    const written = then(path('scan_member'), { type: 'identified', sessionId: idOf(60), member: receipt });
    const events = ['choose', 'confirm', 'authorised', 'dropped'] as const;
    const end = events.reduce((at, name) => then(at, samples[name]), written);
    expect(screenOf(end, around)).to.deep.include({ receiptTo: 'w••@example.org' });
    expect(screenOf(path('scan_pickup', 'pickup_accepted', 'dropped'), around)).to.deep.include({
      pointsLeft: null,
      another: false,
    });
  });

  it('say what went wrong, that it cost nothing, and where help is', () => {
    const failed = { name: 'failed', gift: teaGift, pointsTaken: 0, another: true, help: '+49 123' };
    expect(screenOf(path(...authorised, 'gave_up'), around)).to.deep.equal({ ...failed, code: 'unavailable' });
    expect(screenOf(path(...authorised, 'not_dropped'), around)).to.deep.equal({ ...failed, code: 'not_dropped' });
    expect(screenOf(path('scan_pickup', 'pickup_refused'), around)).to.deep.equal({
      ...failed,
      code: 'pickup_code_invalid',
      gift: null,
      another: false,
    });
    const nothingKnown = { state: 'failed' as const, data: emptyData };
    expect(screenOf(nothingKnown, around)).to.deep.include({ code: 'not_dropped', gift: null });
  });

  it('say the truth of a doubt: the gift, the points on hold, and what to ask with', () => {
    const doubt = { name: 'in_doubt', gift: teaGift, points: 300, reference: idOf(70), help: '+49 123' };
    expect(screenOf(path(...authorised, 'unknown'), around)).to.deep.equal(doubt);
    const unreferenced = { state: 'in_doubt' as const, data: { ...emptyData, reward: tea } };
    expect(screenOf(unreferenced, around)).to.deep.include({ reference: '' });
  });

  it('are never drawn of a gift or a redemption that is not there', () => {
    const without = (state: SessionState, data = emptyData) => ({ state, data });
    expect(() => screenOf(without('confirm'), around)).to.throw('this screen is about a gift');
    expect(() => screenOf(without('vending'), around)).to.throw('a redemption runs');
  });
});

describe('what a session knows', () => {
  it('of a credential: how it was shown, until it was looked at', () => {
    expect(path('scan_member').data.credential).to.deep.equal({ kind: 'qr', text: 'T1.x' });
    expect(path('card').data.credential).to.deep.equal({ kind: 'card', uid: '0A1B2C3D' });
    const typed = path('begin', 'enter_number', 'submit_number');
    expect(typed.data.credential).to.deep.equal({ kind: 'member_id', memberId });
    expect(path('card', 'submit_pin', 'refused_card').data).to.deep.equal({
      ...emptyData,
      note,
      credential: { kind: 'card', uid: '0A1B2C3D' },
    });
    expect(then(then(typed, samples.submit_pin), samples.refused_number).data.note).to.deep.equal(note);
    expect(then(typed, samples.back).data.credential).to.equal(null);
    expect(path('card', 'back').data.credential).to.equal(null);
    expect(path('card', 'scan_unknown').data.credential).to.equal(null);
    expect(path('scan_member', 'refused_scan').data).to.deep.equal({ ...emptyData, note });
    expect(path(...signIn).data).to.deep.equal({ ...emptyData, member: { sessionId: idOf(60), view: member } });
  });

  it('of a check that took too long: a remark, and no credential', () => {
    expect(path('scan_member', 'timeout').data).to.deep.equal({ ...emptyData, note: { code: 'unavailable' } });
  });

  it('of a choice, until it is taken back', () => {
    const chosen = path(...toConfirm);
    expect(chosen.data.reward).to.deep.equal(tea);
    expect(then(chosen, samples.bad_choice).data).to.deep.include({ reward: null, note });
    expect(path(...toConfirm, 'back').data.note).to.equal(null);
    const asked = then(chosen, samples.confirm).data;
    expect(asked).to.deep.include({
      redemption: { id: idOf(70), slot: 1, via: 'walk_up' },
      phase: 'authorising',
      pointsAfter: null,
    });
    for (const end of ['dropped', 'gave_up'] as const) {
      const again = path(...authorised, end, 'another').data;
      expect(again, end).to.deep.include({ reward: null, redemption: null, pointsAfter: null, failure: null });
    }
  });

  it('of a refusal: the new price, the gift that was had too often, or nothing but the remark', () => {
    const asked = path(...toConfirm, 'confirm');
    const priced = then(asked, samples.refused_price).data;
    expect(priced).to.deep.include({ note, redemption: null, reward: { ...tea, price: 350 } });
    const withoutGift = { ...asked, data: { ...asked.data, reward: null } };
    expect(then(withoutGift, samples.refused_price).data.reward).to.equal(null);
    const often = then(asked, { type: 'refused_choice', note: { code: 'limit_reached' } }).data;
    expect(often).to.deep.include({ note: { code: 'limit_reached' }, reward: null, redemption: null });
    expect(often.member?.view.limited).to.deep.equal([tea.rewardId]);
    expect(then(asked, samples.refused_choice).data.member?.view.limited).to.deep.equal([]);
    for (const missing of [{ reward: null }, { member: null }]) {
      const at = { ...asked, data: { ...asked.data, ...missing } };
      const { member: left } = then(at, { type: 'refused_choice', note: { code: 'limit_reached' } }).data;
      expect(left).to.deep.equal(at.data.member);
    }
    expect(then(asked, samples.refused_session).data).to.deep.equal({ ...emptyData, note });
  });

  it('of its end: the points as the server has them, the failure, and whose gift it is', () => {
    expect(path(...authorised).data).to.deep.include({ pointsAfter: 600, phase: 'preparing' });
    expect(path(...authorised, 'gave_up').data).to.deep.include({ failure: 'unavailable', pointsAfter: null });
    expect(path(...authorised, 'not_dropped').data).to.deep.include({ failure: 'not_dropped', pointsAfter: null });
    const pickup = path('scan_pickup', 'pickup_accepted').data;
    expect(pickup).to.deep.include({
      redemption: { id: idOf(71), slot: 1, via: 'pickup' },
      reward: tea,
      phase: 'preparing',
    });
    expect(path('scan_pickup', 'pickup_accepted', 'dropped').data.member).to.equal(null);
    const untold = { ...path(...authorised), data: { ...path(...authorised).data, pointsAfter: null } };
    expect(then(untold, samples.dropped).data.member?.view.points).to.equal(900);
    const full = path(...authorised, 'dropped', 'end_tray_full').data;
    expect(full).to.deep.include({ member: null, pointsAfter: null, credential: null, reward: tea });
    const emptied = path(...authorised, 'dropped', 'tray_emptied');
    expect(emptied.data.trayEmpty).to.equal(true);
    const secondGift = ['another', 'choose', 'confirm', 'authorised', 'dropped'] as const;
    const second = secondGift.reduce((at, name) => then(at, samples[name]), emptied);
    expect(second.data.trayEmpty).to.equal(false);
  });
});

describe('how long a screen stays', () => {
  it('is told for each, and none for those that end by themselves', () => {
    const t = defaultTimeouts;
    const limits: Partial<Record<SessionState, number>> = {
      identify: t.identifyMs,
      enter_number: t.enterNumberMs,
      enter_pin_card: t.enterPinMs,
      enter_pin_number: t.enterPinMs,
      checking: t.checkingMs,
      choose: t.chooseMs,
      confirm: t.confirmMs,
      take: t.takeMs,
      failed: t.failedMs,
      in_doubt: t.inDoubtMs,
    };
    for (const state of sessionStates) {
      expect(timeLimit({ state, data: emptyData }, t), state).to.equal(limits[state]);
    }
    const emptied = { ...emptyData, trayEmpty: true };
    expect(timeLimit({ state: 'take', data: emptied }, t)).to.equal(t.takenMs);
    expect(timeLimit({ state: 'choose', data: emptied }, t)).to.equal(t.chooseMs);
  });
});
