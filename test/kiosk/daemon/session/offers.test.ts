import { offersFor, slotForPickup, slotForWalkUp } from '@tessera/kiosk-daemon/session/offers';
import type { SlotView } from '@tessera/shared/protocol/kiosk-parts';
import { expect } from 'chai';
import fc from 'fast-check';
import { clock, sampleConfig, tea } from '../support/samples.ts';

const rewardIds = [tea.rewardId, clock.rewardId, null];
const slotArb: fc.Arbitrary<SlotView> = fc
  .record({
    slot: fc.integer({ min: 1, max: 99 }),
    rewardId: fc.constantFrom(...rewardIds),
    onHand: fc.integer({ min: 0, max: 5 }),
    reserved: fc.integer({ min: 0, max: 5 }),
    inService: fc.boolean(),
  })
  .map(({ reserved, onHand, ...rest }) => ({
    ...rest,
    onHand,
    available: Math.max(0, onHand - reserved),
    capacity: 10,
    serviceEpoch: 1,
  }));
const slotsArb = fc.uniqueArray(slotArb, { selector: ({ slot }) => slot, maxLength: 12 });
const member = (points: number, limited: string[] = []) => ({
  maskedName: 'W••',
  points,
  language: null,
  receiptTo: null,
  limited,
});

describe('offers and slots', () => {
  it('serves a walk-up only from a slot in service with an unreserved unit of that reward', () => {
    fc.assert(
      fc.property(slotsArb, (slots) => {
        const chosen = slotForWalkUp(slots, tea.rewardId);
        const possible = slots.filter((each) => each.rewardId === tea.rewardId && each.inService && each.available > 0);
        expect(chosen === undefined).to.equal(possible.length === 0);
        if (chosen) {
          expect(possible).to.include(chosen);
          expect(chosen.available).to.equal(Math.max(...possible.map(({ available }) => available)));
        }
      }),
    );
  });

  it('serves a pick-up where a unit stands, before all where one is reserved', () => {
    fc.assert(
      fc.property(slotsArb, (slots) => {
        const chosen = slotForPickup(slots, tea.rewardId);
        const possible = slots.filter((each) => each.rewardId === tea.rewardId && each.inService && each.onHand > 0);
        expect(chosen === undefined).to.equal(possible.length === 0);
        const isReserved = possible.some(({ onHand, available }) => onHand > available);
        if (chosen && isReserved) expect(chosen.onHand).to.be.greaterThan(chosen.available);
      }),
    );
  });

  it('offers available only what can be had, and says how far off the rest is', () => {
    fc.assert(
      fc.property(slotsArb, fc.integer({ min: 0, max: 6000 }), fc.boolean(), (slots, points, isLimited) => {
        const limited = isLimited ? [tea.rewardId] : [];
        for (const offer of offersFor(sampleConfig(), slots, member(points, limited), () => null)) {
          const isThere = slotForWalkUp(slots, offer.rewardId) !== undefined;
          expect(offer.missing).to.equal(Math.max(0, offer.price - points));
          expect(offer.state === 'sold_out').to.equal(!isThere);
          if (offer.state === 'available') {
            expect(points).to.be.at.least(offer.price);
            expect(limited).to.not.include(offer.rewardId);
          }
          if (offer.state === 'limit') expect(limited).to.include(offer.rewardId);
        }
      }),
    );
  });

  it('puts what the member can afford first', () => {
    const { planogram } = sampleConfig();
    const states = offersFor(sampleConfig(), planogram.slots, member(1000), () => null).map(({ state }) => state);
    expect(states).to.deep.equal(['available', 'short']);
  });
});
