import { openLedgerEpoch } from '@tessera/server/platform/database/ledger-epoch';
import { expect } from 'chai';
import { expectFine, expectSoundBooks, signIn } from '../support/books.ts';
import { openMachine, PRICE, type Machine } from '../support/machine.ts';

describe('grants after a restore', () => {
  let before: Machine;
  let after: Machine;

  /** Two machines made from the same seed are the same books: the second one is the backup that knows nothing of later. */
  beforeEach(async () => {
    before = await openMachine({ seed: 7 });
    after = await openMachine({ seed: 7 });
    await openLedgerEpoch(after.server.foundation.database.db, after.time, { bytes: (n) => new Uint8Array(n).fill(1) });
    await signIn(before);
  });
  afterEach(async () => {
    await expectSoundBooks(before);
    await expectSoundBooks(after);
    await before.close();
    await after.close();
  });

  const grantOf = async (slot: number) => {
    const id = before.kiosk.newId();
    const authorised = await before.kiosk.authorise(id, slot);
    if (!authorised.ok) throw new Error(authorised.problem.code);
    return { id, grant: authorised.grant, slot };
  };

  it('books a capture that the restored books forgot, once', async () => {
    const { id, grant, slot } = await grantOf(1);
    for (const time of ['first', 'repeat']) {
      const answer = await after.kiosk.ask('replay_grant', { grant, outcome: 'dropped', slot });
      expect(answer, time).to.deep.equal({ ok: true, state: 'captured' });
    }
    expect(await after.state(id)).to.equal('captured');
    expect(await after.balances()).to.include({ available: 3000 - PRICE, held: 0 });
    expect(await after.slot(1)).to.include({ onHand: 4 });
  });

  it('holds again what is still open, and ends it by its outcome', async () => {
    const { id, grant, slot } = await grantOf(1);
    expect(await after.kiosk.ask('replay_grant', { grant, outcome: null, slot })).to.include({ state: 'held' });
    expect(await after.kiosk.outcome(id, slot, 'not_dropped')).to.include({ state: 'released' });
  });

  it('owes what the restored books have no points for: the gift is gone', async () => {
    const { grant, slot } = await grantOf(1);
    await signIn(after);
    // The same seed would give the same id as the grant's.
    after.kiosk.newId();
    for (let unit = 0; unit < 10; unit += 1) {
      expect(await after.kiosk.authorise(after.kiosk.newId(), 1 + (unit % 3))).to.include({ ok: true });
    }
    expect(await after.balances()).to.include({ available: 0 });
    expect(await after.kiosk.ask('replay_grant', { grant, outcome: 'dropped', slot })).to.include({
      state: 'captured',
    });
    expect(await after.balances()).to.include({ available: 0, debt: PRICE });
    const gift = { memberId: after.memberId, issuer: null, rule: 'gift', points: 500, expiresAt: null, reason: 'gift' };
    expectFine(await after.staff('a', async (tx) => ({ ok: true, value: await after.server.ledger.earn(tx, gift) })));
    expect(await after.balances()).to.include({ available: 200, debt: 0 });
  });

  it('releases nothing by absence that is older than the restore: the kiosk may have closed it since', async () => {
    const { id, grant, slot } = await grantOf(1);
    const { db } = before.server.foundation.database;
    // As after a restore: the redemption was in the backup, the epoch of the books is younger.
    await db
      .updateTable('redemptions')
      .set({ created_at: before.time.nowMs() - 60_000 })
      .execute();
    expect(await before.kiosk.hello(before.connect(), [])).to.include({ ok: true });
    expect(await before.state(id)).to.equal('held');
    expect(await before.kiosk.ask('replay_grant', { grant, outcome: 'dropped', slot })).to.include({
      state: 'captured',
    });
  });

  it('believes no grant but its own, at its own kiosk', async () => {
    const { grant, slot } = await grantOf(1);
    const stranger = await openMachine({ seed: 8 });
    const forged = `${grant.slice(0, -4)}AAAA`;
    const ask = (machine: Machine, text: string) =>
      machine.kiosk.ask('replay_grant', { grant: text, outcome: 'dropped', slot });
    expect(await ask(after, forged)).to.have.nested.property('problem.code', 'bad_signature');
    expect(await ask(stranger, grant)).to.have.nested.property('problem.code', 'bad_signature');
    expect(await ask(after, 'G1.x.y')).to.have.nested.property('problem.code', 'bad_signature');
    await stranger.close();
  });

  it('books it as what it was, and says that it comes from the past', async () => {
    const { id, grant } = await grantOf(1);
    // It fell out of another slot than the one that was granted, one that is there.
    expect(await after.kiosk.ask('replay_grant', { grant, outcome: 'dropped', slot: 2 })).to.include({ ok: true });
    const { db } = after.server.foundation.database;
    const { redemptions } = after.server.mainJob;
    expect(await redemptions.find(db, id)).to.deep.include({
      kind: 'walk_up',
      kiosk_id: after.kiosk.kioskId,
      member_id: after.memberId,
      reward_id: after.rewardId,
      price: PRICE,
      outcome: 'dropped',
      decided_by: 'kiosk',
    });
    const timeline = (await redemptions.timeline(db, id)).map(({ event, detail }) => [
      event,
      JSON.parse(detail) as unknown,
    ]);
    expect(timeline).to.deep.equal([
      ['authorise', { replayed: true }],
      ['dropped', { replayed: true, slot: 2 }],
    ]);
    expect(await after.slot(1)).to.include({ onHand: 5, reserved: 0 });
    expect(await after.slot(2)).to.include({ onHand: 4, reserved: 0 });
  });

  it('takes the granted slot where the kiosk names one that is not there', async () => {
    const { grant } = await grantOf(1);
    expect(await after.kiosk.ask('replay_grant', { grant, outcome: 'dropped', slot: 77 })).to.include({ ok: true });
    expect(await after.slot(1)).to.include({ onHand: 4, reserved: 0 });
  });

  it('needs nothing from the past where it has heard the outcome, or where there is none', async () => {
    const { id, grant, slot } = await grantOf(1);
    const replay = (outcome: 'dropped' | 'not_dropped' | 'unknown' | null) =>
      before.kiosk.ask('replay_grant', { grant, outcome, slot });
    expect(await replay(null)).to.deep.equal({ ok: true, state: 'held' });
    expect(await before.kiosk.vending(id, slot)).to.include({ ok: true });
    expect(await before.kiosk.outcome(id, slot, 'unknown')).to.include({ state: 'in_doubt' });
    expect(await replay('dropped')).to.deep.equal({ ok: true, state: 'in_doubt' });
    const events = async () =>
      (await before.server.mainJob.redemptions.timeline(before.server.foundation.database.db, id)).length;
    expect(await events()).to.equal(3);
    const other = await grantOf(2);
    expect(await before.kiosk.hello(before.connect(), [{ redemptionId: id, state: 'unknown' }])).to.include({
      ok: true,
    });
    expect(await before.state(other.id)).to.equal('released');
    const ended = { grant: other.grant, outcome: 'dropped', slot: 2 } as const;
    expect(await before.kiosk.ask('replay_grant', ended)).to.deep.equal({ ok: true, state: 'released' });
  });
});
