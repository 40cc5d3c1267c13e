import { expect } from 'chai';
import { calculated, moneyOf } from '../clearing/support/money.ts';
import { netOf, Town } from './support.ts';

describe('disputes', function () {
  this.timeout(60_000);
  let town: Town;
  beforeEach(async () => {
    town = await Town.open();
  });
  afterEach(() => town.server.stop());

  const linesOf = async (runId: string, party: string) => {
    const { text } = await town.ask('GET', `/v1/settlement-runs/${runId}/statements/${party}/EUR/json`);
    return (JSON.parse(text) as { items: { postingId: number; amountMinor: number }[] }).items;
  };
  const dispute = (postingId: number, token: string) =>
    town.server.ask('POST', '/v1/money-disputes', { token, body: { postingId, reason: 'not our sale' } });

  it('take one line out of a run that nobody has approved, and leave the others', async () => {
    const { a, b } = town;
    await town.sale(a, 1_000);
    await town.sale(a, 50);
    const { runId } = await town.calculate();
    const [line] = await linesOf(runId, a.merchantId);
    expect((await dispute(line?.postingId ?? 0, b.token)).status).to.equal(404);
    const opened = await dispute(line?.postingId ?? 0, a.token);
    expect(opened.body).to.include({ runId, amountMinor: -1_200, state: 'open' });
    expect((await dispute(line?.postingId ?? 0, a.token)).body.code).to.equal('conflict');
    const run = await calculated(town.server, runId);
    expect(netOf(run, a.merchantId)).to.include({ lines: 3, netMinor: -60 });
    expect(await moneyOf(town.server)).to.include({ [`merchant:suspense ${a.merchantId} EUR`]: -1_200 });
    await town.post(runId);
    await town.expectSound();
    expect((await town.calculate()).nets).to.deep.equal([]);
  });

  it('go back to their merchant where they are rejected, by the next run', async () => {
    const { a } = town;
    await town.sale(a, 1_000);
    const first = await town.settle();
    const [line] = await linesOf(first.runId, a.merchantId);
    const { disputeId } = (await dispute(line?.postingId ?? 0, a.token)).body;
    const second = await town.settle();
    expect(netOf(second, a.merchantId)).to.include({ netMinor: 1_200 });
    await town.agree({ action: 'resolve_dispute', disputeId, verdict: 'rejected' });
    const again = { action: 'resolve_dispute', disputeId, verdict: 'upheld', reason: 'x' };
    expect((await town.ask('POST', '/v1/money-proposals', again)).body.code).to.equal('already_resolved');
    const third = await town.settle();
    expect(netOf(third, a.merchantId)).to.include({ netMinor: -1_200 });
    await town.expectSound();
  });

  it('are borne by somebody else where they are upheld', async () => {
    const { a, b } = town;
    await town.sale(a, 1_000);
    const first = await town.settle();
    const [line] = await linesOf(first.runId, a.merchantId);
    const { disputeId } = (await dispute(line?.postingId ?? 0, a.token)).body;
    await town.agree({ action: 'resolve_dispute', disputeId, verdict: 'upheld', bearer: b.merchantId });
    const second = await town.settle();
    expect(netOf(second, a.merchantId)).to.include({ netMinor: 1_200 });
    expect(netOf(second, b.merchantId)).to.include({ netMinor: -1_200 });
    await town.expectSound();
  });
});
