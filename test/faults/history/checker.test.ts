import { accountModel } from '@tessera/scripts/faults/history/account-model';
import type { AtRedemption, Call } from '@tessera/scripts/faults/history/calls';
import { checkHistory, type Operation } from '@tessera/scripts/faults/history/checker';
import { slotModel } from '@tessera/scripts/faults/history/slot-model';
import { expect } from 'chai';
import { asked, lost, refusedAs, said } from './support.ts';

const first: AtRedemption = { redemption: 1, kiosk: 'k', slot: 1, member: 'm', price: 30 };
const second: AtRedemption = { ...first, redemption: 2 };
const accrue = (points: number): Call => ({ call: 'accrue', member: 'm', points });
const balance: Call = { call: 'balance', member: 'm' };
const authorise = (at: AtRedemption): Call => ({ call: 'authorise', ...at });
const outcome = (at: AtRedemption, word: 'dropped' | 'not_dropped' | 'unknown'): Call => ({
  call: 'outcome',
  ...at,
  outcome: word,
  rotated: 'yes',
});
const look: Call = { call: 'slot', kiosk: 'k', slot: 1 };
const load = (units: number): Call => ({ call: 'load', kiosk: 'k', slot: 1, units });
const count = (counted: number): Call => ({ call: 'count', kiosk: 'k', slot: 1, counted });
const held = (pointsAfter: number) => said({ state: 'held', pointsAfter });

const account = accountModel({ available: 100, held: 0 }, [first, second]);
const slot = slotModel({ onHand: 1, reserved: 0, inDoubt: 0, outReason: null }, 10, [first, second]);
type History = readonly Operation<Call>[];

const inAccount = (...history: History) => checkHistory(account, history).kind;
const inSlot = (...history: History) => checkHistory(slot, history).kind;

describe('history checker: what a correct server may answer', () => {
  it('nothing at all, and calls one after the other', () => {
    expect(inAccount()).to.equal('accepted');
    expect(
      inAccount(
        asked(accrue(10), said({ available: 110 }), 1, 2),
        asked(authorise(first), held(80), 3, 4),
        asked(balance, said({ available: 80, held: 30 }), 5, 6),
        asked(outcome(first, 'dropped'), said({ state: 'captured', points: 80 }), 7, 8),
        asked(balance, said({ available: 80, held: 0 }), 9, 10),
      ),
    ).to.equal('accepted');
  });

  it('overlapping calls in either order', () => {
    const read = (available: number) => asked(balance, said({ available, held: 0 }), 2, 5);
    expect(inAccount(asked(accrue(10), said({ available: 110 }), 1, 6), read(100))).to.equal('accepted');
    expect(inAccount(asked(accrue(10), said({ available: 110 }), 1, 6), read(110))).to.equal('accepted');
  });

  it('an unknown call that had its effect, had it much later, or never', () => {
    const unknown = asked(accrue(10), lost, 1);
    const read = (available: number, at: number) => asked(balance, said({ available, held: 0 }), at, at + 1);
    expect(inAccount(unknown, read(110, 3))).to.equal('accepted');
    expect(inAccount(unknown, read(100, 3), read(110, 5))).to.equal('accepted');
    expect(inAccount(unknown, read(100, 3), read(100, 5))).to.equal('accepted');
  });

  it('a doubt that a count of its slot ends', () => {
    const doubt = [
      asked(authorise(first), held(70), 1, 2),
      asked(outcome(first, 'unknown'), said({ state: 'in_doubt', points: 70 }), 3, 4),
      asked(count(0), said({ verdict: 'all_fell', expected: 1, counted: 0, underWay: 0 }), 5, 6),
    ];
    expect(inAccount(...doubt, asked(balance, said({ available: 70, held: 0 }), 7, 8))).to.equal('accepted');
    const after = said({ onHand: 0, reserved: 0, inDoubt: 0, inService: true, outReason: null });
    expect(inSlot(...doubt, asked(look, after, 7, 8))).to.equal('accepted');
  });
});

describe('history checker: what no correct server answers', () => {
  it('a lost update', () => {
    expect(
      inAccount(
        asked(accrue(10), said({ available: 110 }), 1, 4),
        asked(accrue(20), said({ available: 120 }), 2, 3),
        asked(balance, said({ available: 120, held: 0 }), 5, 6),
      ),
    ).to.equal('refused');
  });

  it('an acknowledged write that is lost', () => {
    const verdict = checkHistory(account, [
      asked(accrue(10), said({ available: 110 }), 1, 2),
      asked(balance, said({ available: 100, held: 0 }), 3, 4),
    ]);
    expect(verdict).to.deep.include({
      kind: 'refused',
      reached: 1,
      stuck: [asked(balance, said({ available: 100, held: 0 }), 3, 4)],
    });
  });

  it('a stale read: an older state after a newer one was seen', () => {
    expect(
      inAccount(
        asked(accrue(10), said({ available: 110 }), 1, 9),
        asked(balance, said({ available: 110, held: 0 }), 2, 3),
        asked(balance, said({ available: 100, held: 0 }), 4, 5),
      ),
    ).to.equal('refused');
  });

  it('real time broken: a call that sees one which began after it had returned', () => {
    expect(
      inAccount(
        asked(balance, said({ available: 110, held: 0 }), 1, 2),
        asked(accrue(10), said({ available: 110 }), 3, 4),
      ),
    ).to.equal('refused');
  });

  it('a double capture', () => {
    expect(
      inAccount(
        asked(authorise(first), held(70), 1, 2),
        asked(outcome(first, 'dropped'), said({ state: 'captured', points: 70 }), 3, 6),
        asked(outcome(first, 'dropped'), said({ state: 'captured', points: 40 }), 4, 5),
      ),
    ).to.equal('refused');
  });

  it('an unknown call that had its effect twice, or after it could have none', () => {
    const read = (available: number, at: number) => asked(balance, said({ available, held: 0 }), at, at + 1);
    expect(inAccount(asked(accrue(10), lost, 1), read(120, 3))).to.equal('refused');
    expect(inAccount(asked(accrue(10), lost, 1), read(110, 3), read(100, 5))).to.equal('refused');
    expect(inAccount(asked(accrue(10), lost, 1, 4), read(100, 5), read(110, 7))).to.equal('refused');
  });

  it('the last unit sold twice', () => {
    expect(
      inSlot(
        asked(authorise(first), said({ state: 'held' }), 1, 4),
        asked(authorise(second), said({ state: 'held' }), 2, 3),
      ),
    ).to.equal('refused');
    expect(
      inSlot(
        asked(authorise(first), said({ state: 'held' }), 1, 4),
        asked(authorise(second), refusedAs('out_of_stock'), 2, 3),
      ),
    ).to.equal('accepted');
  });

  it('points that suffice and are refused, and a refusal that is taken back', () => {
    expect(inAccount(asked(authorise(first), refusedAs('insufficient_points', { missing: 1 }), 1, 2))).to.equal(
      'refused',
    );
    expect(
      inAccount(asked(authorise(first), refusedAs('out_of_stock'), 1, 2), asked(authorise(first), held(70), 3, 4)),
    ).to.equal('refused');
  });

  it('a slot that serves while something on it is in doubt', () => {
    const room = [
      asked(load(5), said({ onHand: 6, reserved: 0, inDoubt: 0, inService: true, outReason: null }), 1, 2),
      asked(authorise(first), said({ state: 'held' }), 3, 4),
    ];
    const doubt = asked(outcome(first, 'unknown'), said({ state: 'in_doubt' }), 5, 6);
    expect(inSlot(...room, doubt, asked(authorise(second), said({ state: 'held' }), 7, 8))).to.equal('refused');
    expect(inSlot(...room, doubt, asked(authorise(second), refusedAs('out_of_stock'), 7, 8))).to.equal('accepted');
  });
});

describe('history checker: its bounds', () => {
  it('gives up and says so where there are too many orders to look at', () => {
    const many = Array.from({ length: 14 }, (_, each) => asked(accrue(1 << each), lost, each));
    const impossible = asked(balance, said({ available: 1, held: 0 }), 20, 21);
    expect(checkHistory(account, [...many, impossible], 1_000).kind).to.equal('gave_up');
  });

  it('takes a long history with little overlap in little more than its length', () => {
    const history = Array.from({ length: 5_000 }, (_, each) =>
      asked(accrue(1), said({ available: 101 + each }), each * 2, each * 2 + 3),
    );
    const verdict = checkHistory(account, history);
    expect(verdict.kind).to.equal('accepted');
    expect(verdict.steps).to.be.below(50_000);
  });
});
