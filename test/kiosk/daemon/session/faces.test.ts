import { expect } from 'chai';
import { examinePickup, type PickupFacts } from '@tessera/kiosk-daemon/session/pickup-desk';
import { ScreenTimer } from '@tessera/kiosk-daemon/session/screen-timer';
import { Snapshots } from '@tessera/kiosk-daemon/session/snapshots';
import { formatPickupCode } from '@tessera/shared/credentials/pickup-code';
import { privateKeyOfSeed } from '@tessera/shared/credentials/signature';
import { problem } from '@tessera/shared/problem';
import type { IntentRequest } from '@tessera/shared/protocol/ui';
import { err, ok } from '@tessera/shared/result';
import { VirtualTime } from '../../../../scripts/src/simulate/virtual-time.ts';
import { clock, idOf, kioskId, pickupCode, sampleConfig, START_MS, tea } from '../support/samples.ts';

describe('the time of a screen', () => {
  /** A timer that warns 20 s before its end; answers what it called and when. */
  function timer() {
    const time = new VirtualTime(START_MS);
    const called: string[] = [];
    const at = (what: string) => () => called.push(`${what} ${String(time.nowMs - START_MS)}`);
    const made = new ScreenTimer({
      clock: time.clock(),
      scheduler: time,
      warnMs: 20_000,
      onWarn: at('warn'),
      onTimeout: at('timeout'),
    });
    const passTo = async (ms: number): Promise<void> => {
      time.after(START_MS + ms - time.nowMs, () => undefined);
      await time.run(() => time.nowMs >= START_MS + ms);
    };
    return { made, called, passTo };
  }

  it('warns, and ends', async () => {
    const { made, called, passTo } = timer();
    made.start(60_000);
    expect(made.deadline).to.deep.equal({ leftMs: 60_000, ofMs: 60_000, warn: false });
    await passTo(45_000);
    expect(called).to.deep.equal(['warn 40000']);
    expect(made.deadline).to.deep.equal({ leftMs: 15_000, ofMs: 60_000, warn: true });
    await passTo(70_000);
    expect(called).to.deep.equal(['warn 40000', 'timeout 60000']);
    expect(made.deadline).to.deep.include({ leftMs: 0 });
  });

  it('does not warn where all of it is little', async () => {
    const { made, called, passTo } = timer();
    made.start(20_000);
    await passTo(30_000);
    expect(called).to.deep.equal(['timeout 20000']);
    expect(made.deadline).to.deep.include({ warn: false });
  });

  it('is one at a time: a new one, none, or a stop ends the last', async () => {
    const { made, called, passTo } = timer();
    made.start(30_000);
    await passTo(15_000);
    made.start(60_000);
    expect(made.deadline).to.deep.equal({ leftMs: 60_000, ofMs: 60_000, warn: false });
    expect(made.run).to.equal(2);
    await passTo(40_000);
    made.start(undefined);
    expect([made.deadline, made.run]).to.deep.equal([null, 2]);
    made.start(30_000);
    made.stop();
    await passTo(200_000);
    expect(called).to.deep.equal(['warn 10000']);
  });
});

describe('the snapshots', () => {
  const content = (name: 'checking' | 'identify') => ({
    screen: name === 'checking' ? { name } : { name, note: null },
    prefs: { language: 'en', largeText: false, highContrast: false, spoken: false } as const,
    member: null,
    online: true,
    kioskName: 'K',
  });

  /** What the watchers were told. */
  function watched() {
    const snapshots = new Snapshots(idOf(1));
    const told: string[] = [];
    const stop = snapshots.watch((screen) => told.push(screen));
    return { snapshots, told, stop };
  }

  it('rise with what is shown, a new time limit or a warning, and with nothing else', () => {
    const { snapshots, told } = watched();
    const deadline = { leftMs: 5, ofMs: 9, warn: false };
    snapshots.publish(content('checking'), null, 1);
    snapshots.publish(content('checking'), null, 2);
    expect(snapshots.version).to.equal(1);
    snapshots.publish(content('identify'), deadline, 2);
    snapshots.publish(content('identify'), { ...deadline, leftMs: 1 }, 2);
    expect(snapshots.version).to.equal(2);
    snapshots.publish(content('identify'), deadline, 3);
    snapshots.publish(content('identify'), { ...deadline, warn: true }, 3);
    expect(snapshots.version).to.equal(4);
    expect(told).to.deep.equal(['checking', 'identify', 'identify', 'identify']);
  });

  it('carry version, epoch and time', () => {
    const { snapshots } = watched();
    snapshots.publish(content('checking'), null, 1);
    expect(snapshots.stamp(content('checking'), null)).to.deep.equal({
      ...content('checking'),
      deadline: null,
      version: 1,
      epoch: idOf(1),
    });
  });

  it('are told to nobody who has stopped watching', () => {
    const { snapshots, told, stop } = watched();
    stop();
    snapshots.publish(content('checking'), null, 1);
    expect(told).to.deep.equal([]);
  });

  it('know a tap that was meant for an older one, but for what means the same everywhere', () => {
    const { snapshots } = watched();
    snapshots.publish(content('checking'), null, 1);
    const check = (intent: IntentRequest['intent'], version: number, epoch = idOf(1)): unknown =>
      snapshots.check({ epoch, version, intent });
    const stale = err(problem('stale_tap'));
    expect(check({ type: 'confirm' }, 1)).to.deep.equal(ok(undefined));
    expect(check({ type: 'confirm' }, 0)).to.deep.equal(stale);
    expect(check({ type: 'confirm' }, 1, idOf(2))).to.deep.equal(stale);
    for (const type of ['begin', 'more_time', 'end'] as const) {
      expect(check({ type }, 0), type).to.deep.equal(ok(undefined));
      expect(check({ type }, 1, idOf(2)), type).to.deep.equal(stale);
    }
    expect(check({ type: 'set_prefs', prefs: {} }, 0)).to.deep.equal(ok(undefined));
  });
});

describe('the desk for codes', () => {
  const facts = (change: Partial<PickupFacts> = {}): PickupFacts => ({
    kioskId,
    nowMs: START_MS,
    config: sampleConfig(),
    slots: sampleConfig().planogram.slots,
    stateOf: () => 'none',
    usedKnown: true,
    ...change,
  });

  it('hands over what was ordered, at the price that was paid, from a slot where it stands', () => {
    const code = pickupCode(5);
    expect(examinePickup(code, facts())).to.deep.equal(
      ok({
        order: { redemptionId: idOf(5), rewardId: tea.rewardId, price: 250, slot: 2, code },
        reward: { ...tea, price: 250 },
      }),
    );
  });

  it('finds the gift among others', () => {
    const accepted = examinePickup(pickupCode(5), facts({ config: sampleConfig({ rewards: [clock, tea] }) }));
    expect(accepted.ok && accepted.value.reward).to.deep.equal({ ...tea, price: 250 });
  });

  it('serves a gift that has left the catalogue, without its name', () => {
    const accepted = examinePickup(pickupCode(5), facts({ config: sampleConfig({ rewards: [] }) }));
    expect(accepted.ok && accepted.value.reward).to.deep.equal({
      rewardId: tea.rewardId,
      name: { zh: '礼品', en: 'Gift', ar: 'هدية' },
      about: { zh: '', en: '', ar: '' },
      price: 250,
      picture: null,
    });
  });

  it('says why it does not', () => {
    const code = pickupCode(5);
    const withConfig = (change: object): PickupFacts => facts({ config: sampleConfig(change) });
    const foreign = formatPickupCode(
      { keyId: 'main', kioskId, redemptionId: idOf(5), rewardId: tea.rewardId, price: 1, expiresAtMs: START_MS + 9 },
      privateKeyOfSeed(Buffer.alloc(32, 8)),
    );
    const rows: [string, PickupFacts, string][] = [
      [code, facts({ usedKnown: false }), 'unavailable'],
      ['P1.nonsense', facts(), 'pickup_code_invalid'],
      [foreign, facts(), 'pickup_code_invalid'],
      [pickupCode(5, { kioskId: `k${idOf(2)}` }), facts(), 'pickup_code_invalid'],
      [pickupCode(5, { expiresAtMs: START_MS - 1 }), facts(), 'pickup_code_expired'],
      [code, withConfig({ revokedPickups: [idOf(5)], usedPickups: [idOf(5)] }), 'pickup_code_invalid'],
      [code, withConfig({ usedPickups: [idOf(5)] }), 'pickup_code_used'],
      [code, facts({ stateOf: () => 'closed' }), 'pickup_code_used'],
      [code, withConfig({ keys: [] }), 'pickup_code_invalid'],
      [code, withConfig({ keys: [{ keyId: 'main', publicKey: 'no key' }] }), 'pickup_code_invalid'],
      [code, facts({ slots: [] }), 'out_of_stock'],
    ];
    for (const [text, given, why] of rows) expect(examinePickup(text, given), why).to.deep.equal(err(why));
  });
});
