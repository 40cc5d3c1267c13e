import { accountModel } from '@tessera/scripts/faults/history/account-model';
import type { AtRedemption, Call } from '@tessera/scripts/faults/history/calls';
import { checkHistory, type Model, type Operation } from '@tessera/scripts/faults/history/checker';
import { slotModel } from '@tessera/scripts/faults/history/slot-model';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { bruteForce, lost } from './support.ts';

const redemptions: AtRedemption[] = [0, 1, 2].map((redemption) => ({
  redemption,
  kiosk: 'k',
  slot: 1,
  member: 'm',
  price: 30,
}));
const at = fc.constantFrom(...redemptions);
const ofRedemption: fc.Arbitrary<Call> = fc.oneof(
  fc
    .record({ call: fc.constantFrom('authorise', 'vending', 'abandon', 'told'), at })
    .map(({ call, at }) => ({ call, ...at })),
  fc
    .record({
      at,
      outcome: fc.constantFrom('dropped', 'not_dropped', 'unknown'),
      rotated: fc.constantFrom('yes', 'no'),
    })
    .map(({ at, ...rest }) => ({ call: 'outcome' as const, ...at, ...rest })),
);
const place = { kiosk: 'k', slot: 1 };
const accountCall: fc.Arbitrary<Call> = fc.oneof(
  { weight: 4, arbitrary: ofRedemption },
  fc.integer({ min: 1, max: 40 }).map((points): Call => ({ call: 'accrue', member: 'm', points })),
  fc.constantFrom<Call>({ call: 'balance', member: 'm' }, { call: 'identify', member: 'm' }),
  fc.constant<Call>({ call: 'count', ...place, counted: 0 }),
);
const slotCall: fc.Arbitrary<Call> = fc.oneof(
  { weight: 4, arbitrary: ofRedemption },
  fc
    .record({ call: fc.constantFrom('load', 'adjust'), units: fc.integer({ min: 1, max: 3 }) })
    .map((each): Call => ({ ...place, ...each })),
  fc.nat({ max: 4 }).map((counted): Call => ({ call: 'count', ...place, counted })),
  fc.boolean().map((inService): Call => ({ call: 'service', ...place, inService })),
  fc.constant<Call>({ call: 'slot', ...place }),
);

/** How one call of a generated history lies around the moment at which it had its effect. */
const spread = fc.record({
  choice: fc.nat({ max: 9 }),
  before: fc.nat({ max: 6 }),
  after: fc.nat({ max: 6 }),
  fate: fc.constantFrom('answered', 'answered', 'answered', 'lost with effect', 'lost without'),
});
const stories = (call: fc.Arbitrary<Call>, maxLength: number) =>
  fc.array(fc.tuple(call, spread), { minLength: 1, maxLength });
type Story = readonly (readonly [Call, { choice: number; before: number; after: number; fate: string }])[];

/** Serves calls one after the other, as the model does, and stretches each around its moment: linearizable by making. */
function played<State>(model: Model<State, Call>, story: Story): Operation<Call>[] {
  let state = model.initial;
  return story.flatMap(([input, { choice, before, after, fate }], index) => {
    const possible = model.possibilities(state, input);
    const chosen = possible[choice % Math.max(1, possible.length)];
    if (!chosen) return [];
    const moment = index * 4;
    const times = { invoked: moment - before, returned: moment + 1 + after };
    if (fate === 'lost without') return [{ input, answer: lost, ...times }];
    state = chosen.state;
    return [{ input, answer: fate === 'answered' ? chosen.answer : lost, ...times }];
  });
}

/** Changes one number or word of one answer. */
function corrupted(history: readonly Operation<Call>[], which: number, by: number): Operation<Call>[] {
  return history.map((operation, index) => {
    const { answer } = operation;
    if (index !== which % history.length || answer.kind === 'unknown') return operation;
    const facts = Object.fromEntries(
      Object.entries(answer.facts).map(([name, fact]) => [name, typeof fact === 'number' ? fact + by : fact]),
    );
    return { ...operation, answer: { ...answer, facts } };
  });
}

const models = {
  account: { model: accountModel({ available: 70, held: 0 }, redemptions), call: accountCall },
  slot: {
    model: slotModel({ onHand: 2, reserved: 0, inDoubt: 0, outReason: null }, 5, redemptions),
    call: slotCall,
  },
};

for (const [name, { model, call }] of Object.entries(models)) {
  // The two models have states of their own; the checks below need only that there is one.
  const any = model as Model<object, Call>;
  describe(`history checker, property: ${name}`, () => {
    it('accepts whatever a sequential one answered, however the calls overlapped', () => {
      fc.assert(
        fc.property(stories(call, 40), (story) => {
          expect(checkHistory(any, played(any, story)).kind).to.equal('accepted');
        }),
        { numRuns: 300 },
      );
    });

    it('with one answer changed says what trying every order says', () => {
      let refused = 0;
      fc.assert(
        fc.property(stories(call, 7), fc.nat(), fc.constantFrom(-30, -1, 1, 30), (story, which, by) => {
          const history = played(any, story);
          if (history.length === 0) return;
          const changed = corrupted(history, which, by);
          const right = bruteForce(any, changed);
          refused += right ? 0 : 1;
          expect(checkHistory(any, changed).kind).to.equal(right ? 'accepted' : 'refused');
        }),
        { numRuns: 600 },
      );
      expect(refused).to.be.above(50);
    });
  });
}
