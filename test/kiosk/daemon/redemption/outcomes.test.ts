import { expect } from 'chai';
import type { dropped } from '../support/fake-dispenser.ts';
import { hanging, motionless, twice, unseen } from '../support/fake-dispenser.ts';
import { otherQr, qr, sampleConfig, tea } from '../support/samples.ts';
import { World } from '../support/world.ts';

/** A kiosk at which tea was confirmed, with one report of the dispenser to come. */
async function confirmed(report: typeof dropped | 'silent'): Promise<World> {
  const world = await World.serving();
  world.dispenser.reports.push(report);
  await world.confirmTea(qr, tea.rewardId);
  return world;
}

const reported = (world: World): Promise<void> => world.when(() => world.server.of('outcome').length > 0, 'the report');
const book = (world: World): string => [...world.server.books.values()].join();

describe('how a redemption ends', () => {
  it('not dropped: no points were taken, the slot is out, the other slot serves', async () => {
    const world = await confirmed(hanging);
    const failed = await world.until('failed');
    expect(failed).to.deep.include({ code: 'not_dropped', pointsTaken: 0, another: true });
    expect(world.snapshot.member?.points).to.equal(1000);
    await reported(world);
    expect(book(world)).to.equal('released');
    await world.when(() => world.server.of('variance').length > 0, 'the variance');
    expect(world.server.of('variance')[0]).to.deep.include({
      kind: 'slot_out_of_service',
      slot: 1,
      reason: 'may_hang',
    });
    expect(world.tap({ type: 'another' })).to.equal('ok');
    world.tap({ type: 'choose', rewardId: tea.rewardId });
    world.tap({ type: 'confirm' });
    await world.until('take');
    expect(world.dispenser.pulses).to.deep.equal([1, 2]);
  });

  it('unknown: in doubt, points on hold, slot out, nothing is tried again', async () => {
    const world = await confirmed(unseen);
    const doubt = await world.until('in_doubt');
    expect(doubt.points).to.equal(300);
    expect(doubt.reference).to.match(/^[0-9A-Z]{26}$/);
    await reported(world);
    expect(book(world)).to.equal('in_doubt');
    await world.pass(3_600_000);
    expect(world.dispenser.pulses).to.deep.equal([1]);
  });

  it('a dispenser that never reports: unknown', async () => {
    const world = await confirmed('silent');
    await world.until('in_doubt');
    await reported(world);
    expect(world.server.of('outcome')[0]!.evidence.reason).to.equal('no_report');
  });

  it('two drops: one captured, the other a variance, slot out', async () => {
    const world = await confirmed(twice);
    await world.until('take');
    await world.when(() => world.server.of('variance').length === 2, 'the variances');
    const kinds = world.server.of('variance').map(({ kind, slot }) => [kind, slot]);
    expect(kinds).to.deep.equal([
      ['extra_drop', 1],
      ['slot_out_of_service', 1],
    ]);
    expect(book(world)).to.equal('captured');
  });

  it('a motor that does not turn goes out after two', async () => {
    const world = await confirmed(motionless);
    for (let more = 2; more > 0; more -= 1) {
      await world.until('failed');
      world.tap({ type: 'another' });
      world.dispenser.reports.push(motionless);
      world.tap({ type: 'choose', rewardId: tea.rewardId });
      world.tap({ type: 'confirm' });
      await world.when(() => world.screen.name === 'dispensing', 'dispensing');
    }
    await world.until('failed');
    expect(world.dispenser.pulses).to.deep.equal([1, 1, 2]);
  });

  it('a dispenser that is not ready: abandoned before anything could fall', async () => {
    const world = await World.serving();
    world.dispenser.prepareProblem = { code: 'refused', detail: 'beam' };
    await world.confirmTea(qr, tea.rewardId);
    expect((await world.until('failed')).code).to.equal('never_energised');
    await world.when(() => book(world) === 'released', 'the release');
    expect(world.dispenser.pulses).to.deep.equal([]);
    expect(world.snapshot.member?.points).to.equal(1000);
  });

  it('a dispenser that never gets ready: abandoned', async () => {
    const world = await World.serving();
    world.dispenser.prepareProblem = 'silent';
    await world.confirmTea(qr, tea.rewardId);
    await world.until('failed');
    await world.when(() => book(world) === 'released', 'the release');
  });

  it('vendBy over before the pulse: proven absent, never energised', async () => {
    const world = await World.serving();
    world.server.vendByMs = 40;
    await world.confirmTea(qr, tea.rewardId);
    await world.until('failed');
    await world.when(() => book(world) === 'released', 'the release');
    expect(world.dispenser.pulses).to.deep.equal([]);
  });

  it('no answer to authorise: abandoned with a tombstone, though the server took it', async () => {
    const world = await World.serving();
    world.server.mute.add('authorise');
    await world.confirmTea(qr, tea.rewardId);
    expect((await world.until('failed')).code).to.equal('unavailable');
    await world.when(() => book(world) === 'released', 'the release');
    expect(world.dispenser.pulses).to.deep.equal([]);
  });

  it('a lost answer to authorise: asked again under the same id, held once', async () => {
    const world = await World.serving();
    world.server.mute.add('authorise');
    await world.confirmTea(qr, tea.rewardId);
    await world.when(() => world.server.of('authorise').length === 1, 'the first ask');
    world.server.mute.clear();
    await world.until('take');
    expect(new Set(world.server.of('authorise').map(({ redemptionId }) => redemptionId)).size).to.equal(1);
    expect(world.dispenser.pulses).to.deep.equal([1]);
  });

  for (const [code, screen] of [
    ['insufficient_points', 'choose'],
    ['limit_reached', 'choose'],
    ['planogram_changed', 'choose'],
    ['session_over', 'identify'],
    ['member_suspended', 'identify'],
  ] as const) {
    it(`refused with ${code}: ${screen} with a note, nothing driven, nothing to report`, async () => {
      const world = await World.serving();
      world.server.refusing.set('authorise', code);
      await world.confirmTea(qr, tea.rewardId);
      const shown = await world.until(screen);
      expect(shown.note?.code).to.equal(code);
      await world.pass(1000);
      expect(world.dispenser.pulses).to.deep.equal([]);
      expect(world.server.of('abandon')).to.deep.equal([]);
    });
  }

  it('a quarantined slot comes back when staff return it with a higher service epoch, also through a restart', async () => {
    const world = await confirmed(hanging);
    await world.until('failed');
    world.tap({ type: 'end' });
    world.kill();
    await world.start();
    await world.until('attract');
    const slots = (serviceEpoch: number) => {
      const { planogram } = sampleConfig();
      const [first, ...rest] = planogram.slots;
      return { ...planogram, revision: 20, slots: [{ ...first!, serviceEpoch, available: 9, onHand: 9 }, ...rest] };
    };
    world.server.push(sampleConfig({ planogram: slots(1) }));
    await world.confirmTea(qr, tea.rewardId);
    await world.until('take');
    expect(world.dispenser.pulses.at(-1)).to.equal(2);
    world.dispenser.set({ tray: 'empty' });
    world.tap({ type: 'end' });
    world.server.push(sampleConfig({ planogram: slots(2) }));
    await world.pass(100);
    await world.confirmTea(otherQr, tea.rewardId);
    await world.until('take');
    expect(world.dispenser.pulses.at(-1)).to.equal(1);
  });
});
