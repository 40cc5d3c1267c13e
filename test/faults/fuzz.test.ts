import { fuzzServer } from '@tessera/scripts/faults/fuzz/run';
import { expect } from 'chai';

describe('faults: nonsense and near-sense at every door of a real server', () => {
  it('is answered or refused, changes nothing by refusal, and tells nobody what is not theirs', async () => {
    const { findings, http, kiosk } = await fuzzServer({ seed: 7, minutes: 1, messages: 400, say: () => undefined });
    expect(findings).to.deep.equal([]);
    expect(http, 'some requests are accepted').to.include.keys('200', '201');
    expect(http, 'some are refused').to.include.keys('401', '403', '404', '422');
    expect(kiosk, 'redemptions begin and are reported').to.include.keys('authorise ok', 'identify ok', 'outcome ok');
  }).timeout(120_000);
});
