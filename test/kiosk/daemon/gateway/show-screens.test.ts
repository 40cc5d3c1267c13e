import { showScreens } from '@tessera/kiosk-daemon/gateway/show-screens';
import type { Snapshot } from '@tessera/shared/protocol/ui';
import { expect } from 'chai';
import { qr, tea } from '../support/samples.ts';
import { World } from '../support/world.ts';

type Sent = { readonly name: Snapshot['screen']['name']; readonly version: number; readonly atMs: number };

/** A kiosk at the confirmation of a gift, and what its screen is sent from there on. */
async function atConfirm(): Promise<{ world: World; sent: Sent[]; stop: () => void }> {
  const world = await World.serving();
  world.scanner.read(qr);
  await world.until('choose');
  world.tap({ type: 'choose', rewardId: tea.rewardId });
  await world.until('confirm');
  const sent: Sent[] = [];
  const clock = world.time.clock();
  const stop = showScreens(world.daemon.controller, world.time, ({ screen, version }) => {
    sent.push({ name: screen.name, version, atMs: clock.monotonicMs() });
  });
  return { world, sent, stop };
}

describe('what the screen is sent', () => {
  it('stands back for the redemption: its progress comes a moment later, and only the newest', async () => {
    const { world, sent } = await atConfirm();
    const tappedMs = world.time.clock().monotonicMs();
    expect(world.tap({ type: 'confirm' })).to.equal('ok');
    expect(world.snapshot.screen.name).to.equal('dispensing');
    expect(sent, 'nothing at once').to.deep.equal([]);
    await world.until('take');
    const progress = sent.filter(({ name }) => name === 'dispensing');
    expect(progress[0]?.atMs).to.equal(tappedMs + 33);
    for (const [index, { atMs }] of progress.entries()) {
      expect(atMs - (progress[index - 1]?.atMs ?? tappedMs)).to.be.at.least(33);
    }
    // What the member may act on does not wait, and nothing older comes after it.
    expect(sent.at(-1)).to.deep.include({ name: 'take', version: world.snapshot.version });
    expect(sent.map(({ version }) => version)).to.deep.equal(
      [...sent.map(({ version }) => version)].sort((a, b) => a - b),
    );
  });

  it('is nothing any more once the door is closed', async () => {
    const { world, sent, stop } = await atConfirm();
    world.tap({ type: 'confirm' });
    stop();
    await world.until('take');
    expect(sent).to.deep.equal([]);
  });
});
