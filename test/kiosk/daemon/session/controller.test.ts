import { defaultTimeouts } from '@tessera/kiosk-daemon/platform/timeouts';
import type { Intent } from '@tessera/shared/protocol/ui';
import { expect } from 'chai';
import { cardUid, clock, memberId, qr, tea } from '../support/samples.ts';
import { World } from '../support/world.ts';

describe('session at the screen', () => {
  it('takes a card only with its PIN', async () => {
    const world = await World.serving();
    world.card.read(cardUid);
    expect(await world.until('enter_pin')).to.deep.include({ for: 'card' });
    world.tap({ type: 'submit_pin', pin: '1234' });
    await world.until('choose');
    expect(world.server.of('identify')).to.deep.equal([{ kind: 'card', uid: cardUid, pin: '1234' }]);
  });

  it('takes a typed member number, grouped or not, only with its PIN', async () => {
    const world = await World.serving();
    world.tap({ type: 'begin' });
    world.tap({ type: 'enter_number' });
    const grouped = `${memberId.slice(0, 4)} ${memberId.slice(4, 7)} ${memberId.slice(7)}`;
    expect(world.tap({ type: 'submit_number', memberId: grouped })).to.equal('ok');
    expect(await world.until('enter_pin')).to.deep.include({ for: 'member_id' });
    expect(JSON.stringify(world.snapshot)).to.not.include(memberId);
    world.tap({ type: 'submit_pin', pin: '1234' });
    await world.until('choose');
  });

  it('catches a wrong check digit and a short PIN without asking the server', async () => {
    const world = await World.serving();
    world.tap({ type: 'begin' });
    world.tap({ type: 'enter_number' });
    world.tap({ type: 'submit_number', memberId: '1234567890' });
    expect(world.screen).to.deep.equal({ name: 'enter_number', note: { code: 'invalid_fields' } });
    world.tap({ type: 'submit_number', memberId });
    world.tap({ type: 'submit_pin', pin: '12' });
    expect(world.screen).to.deep.include({ name: 'enter_pin', note: { code: 'invalid_fields' } });
    await world.pass(100);
    expect(world.server.of('identify')).to.deep.equal([]);
  });

  it('asks for the PIN again after a wrong one, and for the code again after a wrong one', async () => {
    const world = await World.serving();
    world.server.refusing.set('identify', 'credential_refused');
    world.card.read(cardUid);
    world.tap({ type: 'submit_pin', pin: '9999' });
    await world.until('checking');
    expect(await world.until('enter_pin')).to.deep.include({ note: { code: 'credential_refused' } });
    world.scanner.read(qr);
    await world.until('checking');
    expect(await world.until('identify')).to.deep.include({ note: { code: 'credential_refused' } });
  });

  it('says so where a scanned text is no code of ours', async () => {
    const world = await World.serving();
    for (const text of ['', 'https://example.org', 'T1.short', 'x'.repeat(5000), '\u0000\u0001']) {
      world.scanner.read(text);
      expect(world.screen).to.deep.equal({ name: 'identify', note: { code: 'credential_refused' } });
    }
    for (const uid of ['', 'GG', '0A', 'DROP TABLE']) world.card.read(uid);
    expect(world.screen.name).to.equal('identify');
    expect(await world.counted('door="scanner"', 'code="malformed"')).to.equal(5);
    expect(await world.counted('door="card"', 'code="malformed"')).to.equal(4);
    await world.pass(100);
    expect(world.server.of('identify')).to.deep.equal([]);
  });

  it('ignores the scanner and the reader while it is busy, and until the gift is dealt with', async () => {
    const world = await World.serving();
    await world.confirmTea(qr, tea.rewardId);
    for (const name of ['dispensing', 'take'] as const) {
      await world.until(name);
      world.scanner.read(qr);
      world.card.read(cardUid);
      expect(world.screen.name).to.equal(name);
    }
    expect(world.server.of('identify')).to.have.length(1);
  });

  it('refuses a stale tap, one of another start, and one that means nothing here', async () => {
    const world = await World.serving();
    const { epoch, version } = world.snapshot;
    const tap = (request: { epoch?: string; version?: number; intent: Intent }) => {
      const answer = world.daemon.controller.intent({ epoch, version, ...request });
      return answer.ok ? 'ok' : answer.error.code;
    };
    expect(tap({ intent: { type: 'confirm' } })).to.equal('not_now');
    expect(tap({ intent: { type: 'begin' } })).to.equal('ok');
    expect(tap({ intent: { type: 'enter_number' } })).to.equal('stale_tap');
    expect(tap({ epoch: 'another', version: version + 1, intent: { type: 'enter_number' } })).to.equal('stale_tap');
    expect(tap({ intent: { type: 'set_prefs', prefs: { language: 'ar' } } })).to.equal('ok');
    expect(tap({ intent: { type: 'more_time' } })).to.equal('ok');
    expect(tap({ intent: { type: 'end' } })).to.equal('ok');
    expect(world.screen.name).to.equal('attract');
  });

  it('begins for whoever touches the start screen, though its gifts changed under the finger', async () => {
    const world = await World.serving();
    const { epoch, version } = world.snapshot;
    const begin = { epoch, version: version - 1, intent: { type: 'begin' } } as const;
    expect(world.daemon.controller.intent({ ...begin, epoch: 'another' })).to.have.nested.property(
      'error.code',
      'stale_tap',
    );
    expect(world.daemon.controller.intent(begin)).to.include({ ok: true });
    expect(world.screen.name).to.equal('identify');
  });

  it('does not let a gift be chosen that cannot be had', async () => {
    const world = await World.serving();
    world.scanner.read(qr);
    await world.until('choose');
    world.tap({ type: 'choose', rewardId: clock.rewardId });
    expect(world.screen).to.deep.include({ name: 'choose', note: { code: 'insufficient_points' } });
    world.tap({ type: 'choose', rewardId: 'nothing' });
    expect(world.screen).to.deep.include({ name: 'choose', note: { code: 'reward_unavailable' } });
    expect(world.tap({ type: 'confirm' })).to.equal('not_now');
  });

  it('asks "more time?" when 20 s are left, gives it, and else ends the session', async () => {
    const world = await World.serving();
    world.scanner.read(qr);
    await world.until('choose');
    await world.pass(defaultTimeouts.chooseMs - defaultTimeouts.warnMs - 1000);
    expect(world.snapshot.deadline?.warn).to.equal(false);
    const { version } = world.snapshot;
    await world.pass(2000);
    expect(world.snapshot.deadline?.warn).to.equal(true);
    expect(world.snapshot.version).to.be.greaterThan(version);
    expect(world.tap({ type: 'more_time' })).to.equal('ok');
    expect(world.snapshot.deadline).to.deep.equal({ leftMs: 90_000, ofMs: 90_000, warn: false });
    await world.pass(89_000);
    expect(world.screen.name).to.equal('choose');
    await world.pass(2000);
    expect(world.screen.name).to.equal('attract');
    await world.pass(100);
    expect(world.server.of('end_session')).to.have.length(1);
  });

  it('shows nothing of a member to the next: points, language, an answer that comes late', async () => {
    const world = await World.serving();
    world.scanner.read(qr);
    await world.until('choose');
    expect(world.snapshot.prefs.language).to.equal('en');
    world.tap({ type: 'end' });
    expect(world.snapshot).to.deep.include({ member: null });
    expect(world.snapshot.prefs.language).to.equal('zh');
    world.scanner.read(qr);
    await world.until('checking');
    world.tap({ type: 'end' });
    await world.pass(5000);
    expect(world.screen.name).to.equal('attract');
    expect(world.snapshot.member).to.equal(null);
    expect(world.server.of('end_session'), 'the session that nobody waited for is closed').to.have.length(2);
  });

  it("forgets a passer-by's settings", async () => {
    const world = await World.serving();
    world.tap({ type: 'set_prefs', prefs: { language: 'ar', largeText: true } });
    expect(world.snapshot.prefs).to.deep.include({ language: 'ar', largeText: true, highContrast: false });
    expect(world.snapshot.deadline).to.equal(null);
    await world.pass(61_000);
    expect(world.snapshot.prefs).to.deep.include({ language: 'zh', largeText: false });
  });

  it('lets the next session start when the tray is empty, or after a time-out that says so', async () => {
    const world = await World.serving();
    await world.confirmTea(qr, tea.rewardId);
    const take = await world.until('take');
    expect(take).to.deep.include({ trayEmpty: false, another: false });
    expect(world.tap({ type: 'another' })).to.equal('not_now');
    world.tap({ type: 'end' });
    expect(world.screen).to.deep.include({ name: 'take', pointsLeft: null });
    expect(world.snapshot.member).to.equal(null);
    await world.pass(61_000);
    expect(world.screen.name).to.equal('attract');
    expect(world.said('tray_not_emptied')).to.equal(true);
  });

  it('offers another gift once the tray is empty, at the points that are left', async () => {
    const world = await World.serving();
    await world.confirmTea(qr, tea.rewardId);
    await world.until('take');
    world.dispenser.set({ tray: 'empty' });
    expect(world.screen).to.deep.include({ trayEmpty: true, another: true });
    expect(world.tap({ type: 'another' })).to.equal('ok');
    expect(world.snapshot.member?.points).to.equal(700);
  });

  it('has the machine proved ready while the member decides, and promises nothing by it', async () => {
    const world = await World.serving();
    world.scanner.read(qr);
    await world.until('choose');
    world.tap({ type: 'choose', rewardId: tea.rewardId });
    await world.pass(1000);
    expect(world.dispenser.cancelled).to.equal(1);
    world.tap({ type: 'end' });
    await world.pass(1000);
    expect(world.dispenser.pulses).to.deep.equal([]);
  });

  it('goes through the phases that the machine really goes through', async () => {
    const world = await World.serving();
    const seen: string[] = [];
    world.daemon.controller.watch(() => {
      const { screen } = world.snapshot;
      if (screen.name === 'dispensing') seen.push(`${screen.phase} ${String(screen.step)}/${String(screen.steps)}`);
    });
    await world.confirmTea(qr, tea.rewardId);
    await world.until('take');
    expect([...new Set(seen)]).to.deep.equal([
      'authorising 1/5',
      'preparing 2/5',
      'turning 3/5',
      'watching 4/5',
      'settling 5/5',
    ]);
  });
});
