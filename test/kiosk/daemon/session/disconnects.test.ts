import type { SessionState } from '@tessera/kiosk-daemon/session/events';
import { expect } from 'chai';
import { cardUid, memberId, qr, tea } from '../support/samples.ts';
import { unseen, hanging } from '../support/fake-dispenser.ts';
import { World } from '../support/world.ts';

/** How to get a kiosk into each state that a link can be lost in; a code is checked without waiting for anything. */
const ways: Record<
  Exclude<SessionState, 'starting' | 'out_of_service' | 'pickup_checking'>,
  (world: World) => unknown
> = {
  attract: (world) => world.until('attract'),
  identify: (world) => world.tap({ type: 'begin' }),
  enter_number: (world) => [world.tap({ type: 'begin' }), world.tap({ type: 'enter_number' })],
  enter_pin_number: (world) => [ways.enter_number(world), world.tap({ type: 'submit_number', memberId })],
  enter_pin_card: (world) => {
    world.card.read(cardUid);
  },
  checking: (world) => {
    world.scanner.read(qr);
  },
  choose: async (world) => {
    world.scanner.read(qr);
    await world.until('choose');
  },
  confirm: async (world) => {
    await ways.choose(world);
    world.tap({ type: 'choose', rewardId: tea.rewardId });
  },
  authorising: (world) => world.confirmTea(qr, tea.rewardId),
  preparing: async (world) => {
    await ways.authorising(world);
    await world.when(() => world.daemon.controller.state === 'preparing', 'preparing');
  },
  vending: async (world) => {
    await ways.authorising(world);
    await world.when(() => world.daemon.controller.state === 'vending', 'vending');
  },
  take: async (world) => {
    await ways.authorising(world);
    await world.until('take');
  },
  failed: async (world) => {
    world.dispenser.reports.push(hanging);
    await ways.authorising(world);
    await world.until('failed');
  },
  in_doubt: async (world) => {
    world.dispenser.reports.push(unseen);
    await ways.authorising(world);
    await world.until('in_doubt');
  },
};

const ended = ['captured', 'released', 'refused', 'in_doubt', 'held'];

/** The kiosk ends where nobody stands before it: at the start, or out of service where a slot or the link is gone. */
const atRest = (world: World): boolean => ['attract', 'out_of_service'].includes(world.daemon.controller.state);

describe('a connection lost in every state', () => {
  for (const [state, way] of Object.entries(ways)) {
    for (const awayMs of [50, 600_000]) {
      it(`${state}, back after ${String(awayMs / 1000)} s`, async () => {
        const world = await World.serving();
        await way(world);
        expect(world.daemon.controller.state).to.equal(state);
        world.server.up = false;
        world.server.cut();
        await world.pass(awayMs);
        world.server.up = true;
        await world.pass(300_000);
        expect(world.died).to.equal(null);
        expect(atRest(world), world.daemon.controller.state).to.equal(true);
        expect(world.snapshot).to.deep.include({ online: true, member: null });
        expect(world.dispenser.pulses.length).to.be.at.most(1);
        for (const book of world.server.books.values()) expect(book).to.be.oneOf(ended);
        const captured = [...world.server.books.values()].filter((book) => book === 'captured').length;
        const fell = world.dispenser.pulses.length === 1 && state !== 'failed' && state !== 'in_doubt';
        expect(captured).to.equal(Number(fell));
        expect(world.screen.name).to.equal('attract');
      });
    }
  }

  it('shows out of service only after a grace, and is back by itself', async () => {
    const world = await World.serving();
    world.server.up = false;
    world.server.cut();
    await world.pass(1000);
    expect(world.screen.name).to.equal('attract');
    await world.pass(2500);
    expect(world.screen).to.deep.include({ name: 'out_of_service', reasons: ['no_server'], pickupPossible: true });
    world.server.up = true;
    await world.until('attract');
  });

  it('shows out of service at once when a session ends without a server', async () => {
    const world = await World.serving();
    world.scanner.read(qr);
    await world.until('choose');
    world.server.up = false;
    world.server.cut();
    await world.pass(10_000);
    expect(world.screen.name).to.equal('choose');
    const seen: string[] = [];
    world.daemon.controller.watch(() => seen.push(world.screen.name));
    world.tap({ type: 'end' });
    expect(seen).to.deep.equal(['out_of_service']);
  });

  for (const [reason, change] of [
    ['no_guard', { guard: false }],
    ['no_sensor', { sensors: false }],
    ['no_sensor', { beam: 'blocked' }],
    ['door_open', { door: 'open' }],
  ] as const) {
    it(`is out of service while ${JSON.stringify(change)}`, async () => {
      const world = await World.serving();
      world.dispenser.set(change);
      expect(world.screen).to.deep.include({ name: 'out_of_service', reasons: [reason], pickupPossible: false });
      world.dispenser.set({ guard: true, sensors: true, beam: 'clear', door: 'closed' });
      expect(world.screen.name).to.equal('attract');
    });
  }
});
