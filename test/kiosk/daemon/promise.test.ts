import { isPickupPossible, outReasonsOf, type ServiceFacts } from '@tessera/kiosk-daemon/service/out-reasons';
import { isStanding, isTransient, standings } from '@tessera/kiosk-daemon/link/refusals';
import { Backoff } from '@tessera/kiosk-daemon/link/backoff';
import { problemCatalogue, type ProblemCode } from '@tessera/shared/problem';
import { outReasons } from '@tessera/shared/protocol/ui';
import { expect } from 'chai';
import fc from 'fast-check';
import { sampleConfig } from './support/samples.ts';

const { planogram } = sampleConfig();
const well: ServiceFacts = {
  started: true,
  server: 'online',
  standing: null,
  health: { guard: true, sensors: true, beam: 'clear', tray: 'empty', door: 'closed' },
  hasConfig: true,
  slots: planogram.slots,
  diskFull: false,
  usedKnown: true,
};
const slots = (change: object): ServiceFacts => ({
  ...well,
  slots: planogram.slots.map((slot) => ({ ...slot, ...change })),
});

describe('what the kiosk can promise', () => {
  it('is everything while all is well', () => {
    expect(outReasonsOf(well)).to.deep.equal([]);
    expect(isPickupPossible(well)).to.equal(true);
    expect(outReasonsOf({ ...well, server: 'waiting' })).to.deep.equal([]);
  });

  it('tells apart an empty machine, one whose slots are out, and one whose units are all reserved', () => {
    expect(outReasonsOf(slots({ onHand: 0, available: 0 }))).to.deep.equal(['no_stock']);
    expect(outReasonsOf(slots({ inService: false }))).to.deep.equal(['slots_out_of_service']);
    expect(outReasonsOf(slots({ available: 0 }))).to.deep.equal(['no_stock']);
    expect(isPickupPossible(slots({ available: 0 }))).to.equal(true);
    expect(isPickupPossible(slots({ inService: false }))).to.equal(false);
  });

  it('never promises a pick-up that needs what is missing, and names reasons in the order of the protocol', () => {
    const facts = fc.record({
      started: fc.boolean(),
      server: fc.constantFrom('online', 'connecting', 'waiting', 'offline'),
      standing: fc.constantFrom(
        null,
        'kiosk_revoked',
        'bad_signature',
        'kiosk_cloned',
        'journal_lost',
        'unsupported_protocol',
      ),
      health: fc.record({
        guard: fc.boolean(),
        sensors: fc.boolean(),
        beam: fc.constantFrom('clear', 'blocked', 'unknown'),
        tray: fc.constant('empty' as const),
        door: fc.constantFrom('closed', 'open', 'unknown'),
      }),
      hasConfig: fc.boolean(),
      slots: fc.constantFrom(planogram.slots, slots({ inService: false }).slots, []),
      diskFull: fc.boolean(),
      usedKnown: fc.boolean(),
    });
    fc.assert(
      fc.property(facts as fc.Arbitrary<ServiceFacts>, (given) => {
        const reasons = outReasonsOf(given);
        expect(reasons).to.deep.equal(outReasons.filter((reason) => reasons.includes(reason)));
        if (!isPickupPossible(given)) return;
        const { health } = given;
        expect(given.started && given.usedKnown && health.guard && health.sensors && !given.diskFull).to.equal(true);
        expect(health.door).to.not.equal('open');
        expect(['kiosk_revoked', 'bad_signature', 'kiosk_cloned', 'journal_lost']).to.not.include(given.standing);
      }),
    );
  });

  const { health } = well;
  const outFor: [Partial<ServiceFacts>, string[], boolean][] = [
    [{ started: false, diskFull: true }, ['starting'], false],
    [{ server: 'connecting' }, ['starting'], true],
    [{ server: 'offline' }, ['no_server'], true],
    [{ standing: 'unsupported_protocol' }, ['no_server'], true],
    [{ standing: 'bad_signature' }, ['not_enrolled'], false],
    [{ standing: 'kiosk_revoked' }, ['revoked'], false],
    [{ standing: 'kiosk_cloned' }, ['revoked'], false],
    [{ standing: 'journal_lost' }, ['journal_damaged'], false],
    [{ health: { ...health, guard: false } }, ['no_guard'], false],
    [{ health: { ...health, sensors: false } }, ['no_sensor'], false],
    [{ health: { ...health, beam: 'blocked' } }, ['no_sensor'], false],
    [{ health: { ...health, beam: 'unknown' } }, ['no_sensor'], false],
    [{ health: { ...health, door: 'open' } }, ['door_open'], false],
    [{ health: { ...health, door: 'unknown' } }, [], true],
    [{ diskFull: true }, ['disk_full'], false],
    [{ usedKnown: false }, [], false],
    [{ hasConfig: false, slots: [] }, [], false],
    [{ hasConfig: false }, [], false],
    [{ slots: [] }, ['no_stock'], false],
    [slots({ rewardId: null }), ['no_stock'], true],
    [slots({ onHand: 1, available: 1 }), [], true],
    [slots({ onHand: 0, available: 0, inService: false }), ['no_stock'], false],
  ];
  for (const [change, reasons, pickup] of outFor) {
    const about = JSON.stringify(change).slice(0, 80);
    it(`is ${reasons.join(' ') || 'all'}, and a pick-up ${pickup ? 'too' : 'not'}: ${about}`, () => {
      expect(outReasonsOf({ ...well, ...change })).to.deep.equal(reasons);
      expect(isPickupPossible({ ...well, ...change })).to.equal(pickup);
    });
  }

  it('counts one slot that serves for all that do not', () => {
    const oneOf = (change: object): ServiceFacts => ({
      ...well,
      slots: planogram.slots.map((slot) => (slot.slot === 1 ? slot : { ...slot, ...change })),
    });
    expect(outReasonsOf(oneOf({ inService: false }))).to.deep.equal([]);
    expect(outReasonsOf(oneOf({ available: 0 }))).to.deep.equal([]);
    expect(outReasonsOf(oneOf({ onHand: 0, available: 0 }))).to.deep.equal([]);
  });
});

describe('a refusal by the server', () => {
  it('is asked again only where it decided nothing', () => {
    const again = (Object.keys(problemCatalogue) as ProblemCode[]).filter(isTransient);
    expect(again).to.have.members([
      'in_flight',
      'too_many_attempts',
      'overloaded',
      'unavailable',
      'internal',
      'hello_required',
      'kiosk_revoked',
      'kiosk_superseded',
      'kiosk_cloned',
      'journal_lost',
    ]);
  });

  it('of the kiosk itself stands until staff act', () => {
    const standing = ['kiosk_revoked', 'bad_signature', 'kiosk_cloned', 'journal_lost', 'unsupported_protocol'];
    expect(Object.keys(problemCatalogue).filter(isStanding)).to.have.members(standing);
    expect([...standings]).to.deep.equal(standing);
    expect(isStanding('overloaded')).to.equal(false);
  });
});

describe('the wait before the next connection', () => {
  const waits = (byte: number, count: number, limits = { firstMs: 400, maxMs: 20_000 }): number[] => {
    const backoff = new Backoff(limits, { bytes: (length) => new Uint8Array(length).fill(byte) });
    return Array.from({ length: count }, () => backoff.next());
  };

  it('doubles to its longest, and is spread over half of its length', () => {
    expect(waits(255, 8)).to.deep.equal([400, 800, 1600, 3200, 6400, 12_800, 20_000, 20_000]);
    expect(waits(0, 3)).to.deep.equal([200, 400, 800]);
    expect(waits(51, 1)).to.deep.equal([240]);
  });

  it('stays finite however long the server is away', () => {
    expect(waits(255, 40, { firstMs: 1, maxMs: Number.MAX_VALUE }).at(-1)).to.equal(2 ** 30);
  });

  it('starts anew after a success', () => {
    const backoff = new Backoff({ firstMs: 400, maxMs: 20_000 }, { bytes: () => Uint8Array.of(255) });
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.next()).to.equal(400);
    const silent = new Backoff({ firstMs: 400, maxMs: 20_000 }, { bytes: () => new Uint8Array() });
    expect(silent.next()).to.equal(200);
  });
});
