import { expect } from 'chai';
import { emptyData } from '@tessera/kiosk-daemon/session/data';
import { readTap, type TapFacts } from '@tessera/kiosk-daemon/session/intents';
import { eventOfNews, noteOf } from '@tessera/kiosk-daemon/session/news';
import { canPromise, offersFor, slotForPickup, slotForWalkUp } from '@tessera/kiosk-daemon/session/offers';
import { readCard, readScan } from '@tessera/kiosk-daemon/session/readings';
import { problem, type ProblemCode } from '@tessera/shared/problem';
import type { SlotView } from '@tessera/shared/protocol/kiosk-parts';
import { err, ok } from '@tessera/shared/result';
import { clock, idOf, memberId, pickupCode, qr, sampleConfig, tea } from '../support/samples.ts';
import { member, path, signIn, toConfirm } from '../support/session-walk.ts';

const config = sampleConfig();
const { slots } = config.planogram;
const facts = (change: Partial<TapFacts> = {}): TapFacts => ({
  session: path(...signIn),
  config,
  slots,
  trayOccupied: false,
  newId: () => idOf(70),
  ...change,
});
const notNow = err(problem('not_now'));

describe('a tap', () => {
  it('is handed on where it means the same everywhere', () => {
    for (const type of ['begin', 'enter_number', 'back', 'more_time', 'end'] as const) {
      expect(readTap({ type }, facts())).to.deep.equal(ok({ type }));
    }
  });

  it('with a number is read with and without its spaces', () => {
    for (const typed of [memberId, `${memberId.slice(0, 4)} ${memberId.slice(4, 7)} ${memberId.slice(7)}`]) {
      expect(readTap({ type: 'submit_number', memberId: typed }, facts())).to.deep.equal(
        ok({ type: 'submit_number', memberId }),
      );
    }
    expect(readTap({ type: 'submit_number', memberId: '1234567890' }, facts())).to.deep.equal(
      ok({ type: 'bad_number' }),
    );
    expect(readTap({ type: 'submit_pin', pin: '1234' }, facts())).to.deep.equal(
      ok({ type: 'submit_pin', pin: '1234' }),
    );
    expect(readTap({ type: 'submit_pin', pin: '12' }, facts())).to.deep.equal(ok({ type: 'bad_pin' }));
  });

  it('on a gift counts on the screen of gifts alone, a confirmation on its own', () => {
    const choose = { type: 'choose', rewardId: tea.rewardId } as const;
    expect(readTap(choose, facts())).to.deep.equal(ok({ type: 'choose', reward: tea }));
    const { session } = facts();
    const rich = { ...session.data.member!, view: { ...member, points: 9000 } };
    const richly = facts({ session: { ...session, data: { ...session.data, member: rich } } });
    expect(readTap({ type: 'choose', rewardId: clock.rewardId }, richly)).to.deep.equal(
      ok({ type: 'choose', reward: clock }),
    );
    expect(readTap(choose, facts({ session: path(...toConfirm) }))).to.deep.equal(notNow);
    expect(readTap({ type: 'confirm' }, facts())).to.deep.equal(notNow);
  });

  it('on a gift says why it cannot be had', () => {
    const tap = (rewardId: string, change: Partial<TapFacts> = {}): unknown => {
      const read = readTap({ type: 'choose', rewardId }, facts(change));
      return read.ok && read.value.type === 'bad_choice' ? read.value.note.code : read;
    };
    expect(tap(clock.rewardId)).to.equal('insufficient_points');
    expect(tap(tea.rewardId, { slots: [] })).to.equal('reward_unavailable');
    expect(tap(idOf(99))).to.equal('reward_unavailable');
    expect(tap(tea.rewardId, { config: null })).to.equal('reward_unavailable');
    expect(tap(tea.rewardId, { session: { state: 'choose', data: emptyData } })).to.equal('reward_unavailable');
    const soldOut = slots.map((slot) => ({ ...slot, available: 0 }));
    expect(tap(tea.rewardId, { slots: soldOut })).to.equal('out_of_stock');
    const { session } = facts();
    const limited = { ...session.data.member!, view: { ...member, limited: [tea.rewardId] } };
    const had = { ...session, data: { ...session.data, member: limited } };
    expect(tap(tea.rewardId, { session: had })).to.equal('limit_reached');
  });

  it('that confirms takes the fullest slot and a new id, and says why it cannot', () => {
    const session = path(...toConfirm);
    const confirm = (change: Partial<TapFacts> = {}): unknown =>
      readTap({ type: 'confirm' }, facts({ session, ...change }));
    const confirmed = { type: 'confirm', redemptionId: idOf(70), slot: 1, planogramVersion: 3 };
    const bad = (code: string): unknown => ok({ type: 'bad_choice', note: { code } });
    expect(confirm()).to.deep.equal(ok(confirmed));
    expect(confirm({ slots: [] })).to.deep.equal(bad('out_of_stock'));
    expect(confirm({ config: null })).to.deep.equal(bad('out_of_stock'));
    const unchosen = { ...session, data: { ...session.data, reward: null } };
    expect(confirm({ session: unchosen })).to.deep.equal(bad('out_of_stock'));
    const withPoints = (points: number): Partial<TapFacts> => ({
      session: { ...session, data: { ...session.data, member: { sessionId: idOf(60), view: { ...member, points } } } },
    });
    expect(confirm(withPoints(299))).to.deep.equal(bad('insufficient_points'));
    expect(confirm(withPoints(300))).to.deep.equal(ok(confirmed));
    const nobody = { ...session, data: { ...session.data, member: null } };
    expect(confirm({ session: nobody })).to.deep.equal(bad('insufficient_points'));
  });

  it('for another gift, or to leave, looks at the tray', () => {
    const taken = path(...toConfirm, 'confirm', 'authorised', 'dropped');
    const another = (change: Partial<TapFacts>): unknown => readTap({ type: 'another' }, facts(change));
    const end = (change: Partial<TapFacts>): unknown => readTap({ type: 'end' }, facts(change));
    expect(another({ session: taken })).to.deep.equal(ok({ type: 'another' }));
    expect(another({ session: taken, trayOccupied: true })).to.deep.equal(notNow);
    expect(another({ session: path('scan_pickup', 'pickup_refused') })).to.deep.equal(notNow);
    const failed = path(...toConfirm, 'confirm', 'gave_up');
    expect(another({ session: failed, trayOccupied: true })).to.deep.equal(ok({ type: 'another' }));
    expect(end({ session: taken, trayOccupied: true })).to.deep.equal(ok({ type: 'end_tray_full' }));
    expect(end({ session: taken })).to.deep.equal(ok({ type: 'end' }));
    expect(end({ trayOccupied: true })).to.deep.equal(ok({ type: 'end' }));
  });
});

describe('a reading', () => {
  it('of the scanner is a member’s code, an order’s code, or unknown', () => {
    expect(readScan(`  ${qr}\r\n`)).to.deep.equal({ type: 'scan_member', text: qr });
    const code = pickupCode(5);
    expect(readScan(code)).to.deep.equal({ type: 'scan_pickup', text: code });
    for (const text of ['', 'hello', '9000000000000001', 'T1.x']) {
      expect(readScan(text), text).to.deep.equal({ type: 'scan_unknown' });
    }
  });

  it('of the scanner is at most as long as any of our codes', () => {
    const long = (length: number): string => `P1.${'x'.repeat(length - 3)}`;
    expect(readScan(long(600))).to.deep.equal({ type: 'scan_pickup', text: long(600) });
    expect(readScan(long(601))).to.deep.equal({ type: 'scan_unknown' });
  });

  it('of the card reader is a UID in any case, or nothing', () => {
    expect(readCard(' 0a1b2c3d\n')).to.deep.equal({ type: 'card', uid: '0A1B2C3D' });
    expect(readCard('0a1b')).to.equal(undefined);
  });
});

describe('news of a redemption', () => {
  it('that is no refusal is told as it is', () => {
    expect(eventOfNews({ type: 'dropped' })).to.deep.equal({ type: 'dropped' });
    expect(eventOfNews({ type: 'authorised', pointsAfter: 3 })).to.deep.equal({ type: 'authorised', pointsAfter: 3 });
  });

  it('of a refusal leads to where the member can decide again', () => {
    const refused = (code: ProblemCode, given: object = {}): unknown =>
      eventOfNews({ type: 'refused', problem: problem(code, { facts: { ...given } }) });
    const as = (type: string, code: string, more: object = {}): object => ({ type, note: { code }, ...more });
    expect(refused('price_changed', { price: 350 })).to.deep.equal(
      as('refused_price', 'price_changed', { price: 350 }),
    );
    expect(refused('price_changed')).to.deep.equal(as('refused_choice', 'price_changed'));
    expect(refused('out_of_stock', { price: 350 })).to.deep.equal(as('refused_choice', 'out_of_stock'));
    for (const code of [
      'session_over',
      'unauthenticated',
      'forbidden',
      'member_suspended',
      'credential_refused',
    ] as const) {
      expect(refused(code)).to.deep.equal(as('refused_session', code));
    }
  });

  it('says how many tries are left and how long to wait, where it knows', () => {
    expect(noteOf(problem('credential_refused', { facts: { attemptsLeft: 2 } }))).to.deep.equal({
      code: 'credential_refused',
      attemptsLeft: 2,
    });
    expect(noteOf(problem('credential_refused', { facts: { attemptsLeft: 'two' } }))).to.deep.equal({
      code: 'credential_refused',
    });
    expect(noteOf(problem('too_many_attempts', { retryAfterMs: 5 }))).to.deep.equal({
      code: 'too_many_attempts',
      retryAfterMs: 5,
    });
    expect(noteOf(problem('too_many_attempts'))).to.deep.equal({ code: 'too_many_attempts' });
  });
});

describe('slots', () => {
  const slot = (number: number, change: Partial<SlotView> = {}): SlotView => ({
    ...slots[0]!,
    slot: number,
    ...change,
  });

  it('are promised from while they serve, hold something, and are not reserved away', () => {
    expect(canPromise(slot(1))).to.equal(true);
    for (const change of [{ inService: false }, { available: 0 }, { onHand: 0 }]) {
      expect(canPromise(slot(1, change))).to.equal(false);
    }
  });

  it('empty evenly: the fullest first, then the lower number', () => {
    const of = (...all: SlotView[]): number | undefined => slotForWalkUp(all, tea.rewardId)?.slot;
    expect(of(slot(5, { available: 2 }), slot(4, { available: 3 }), slot(3, { available: 3 }))).to.equal(3);
    const reserved = [slot(7, { available: 5 }), slot(6, { available: 2 }), slot(5, { available: 4 })];
    expect(slotForPickup(reserved, tea.rewardId)?.slot).to.equal(6);
    expect(slotForPickup([slot(7), slot(6)], tea.rewardId)?.slot).to.equal(6);
  });

  it('make offers in the order of what the member can do about them', () => {
    const named = (n: number, price: number) => ({ ...tea, rewardId: idOf(n), price });
    const rewards = [named(40, 900), named(41, 100), named(42, 200), named(43, 50), named(44, 500), named(45, 100)];
    const here = rewards
      .slice(0, 5)
      .map(({ rewardId }, index) =>
        slot(index + 1, { rewardId, ...(rewardId === idOf(41) ? { onHand: 0, available: 0 } : {}) }),
      );
    const who = { ...member, points: 500, limited: [idOf(43)] };
    const offers = offersFor(sampleConfig({ rewards }), here, who, () => null);
    expect(offers.map(({ rewardId, state, missing }) => [rewardId, state, missing])).to.deep.equal([
      [idOf(42), 'available', 0],
      [idOf(44), 'available', 0],
      [idOf(40), 'short', 400],
      [idOf(43), 'limit', 0],
      [idOf(41), 'sold_out', 0],
    ]);
  });
});
