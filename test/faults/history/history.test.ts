import { runHistory } from '@tessera/scripts/faults/history/run';
import { expect } from 'chai';

describe('faults: concurrent callers at a real server whose answers get lost', () => {
  it('have an order that explains every answer, for each account and each slot', async () => {
    const said: string[] = [];
    const result = await runHistory({
      clients: 10,
      operations: 600,
      kills: 1,
      seed: 1,
      say: (line) => void said.push(line),
    });
    const { recorder, verdicts, faults, deaths, cuts } = result;
    expect(faults).to.deep.equal([]);
    expect(verdicts.filter(({ kind }) => kind !== 'accepted')).to.deep.equal([]);
    expect(recorder.operations.length).to.be.at.least(600);
    expect(recorder.operations.filter(({ answer }) => answer.kind === 'unknown')).to.not.deep.equal([]);
    expect(deaths + cuts, said.join('\n')).to.be.above(1);
  }).timeout(120_000);
});
