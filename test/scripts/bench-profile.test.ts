import { expect } from 'chai';
import { sharesOf } from '../../scripts/src/bench/profile/groups.ts';
import { stacksOf, type Profile } from '../../scripts/src/bench/profile/profile.ts';

const frame = (id: number, functionName: string, url = '', children: number[] = []) => ({
  id,
  callFrame: { functionName, url },
  children,
});

const direct = 'file:///x/server/dist/platform/database/direct.js';
const profile: Profile = {
  nodes: [
    frame(1, '(root)', '', [2, 3, 5, 7, 9]),
    frame(2, '(idle)'),
    frame(3, 'post', 'file:///x/server/dist/features/ledger/journal.js', [4]),
    frame(4, '', direct),
    frame(5, '', 'file:///x/server/dist/platform/database/sqlite-batch.js', [6]),
    frame(6, '', direct),
    frame(7, 'parse', 'file:///x/node_modules/zod/v4/core/parse.js'),
    frame(9, '(garbage collector)'),
  ],
  samples: [2, 4, 3, 6, 7, 9, 4],
  timeDeltas: [1_000, 50, 20, 30, 10, 5, 50],
};

describe('where the time of a profile went', () => {
  it('gives statements to the feature that asked, leaves idle time out, the largest share first', () => {
    expect(sharesOf(stacksOf(profile))).to.deep.equal([
      { group: 'SQLite: ledger', micros: 100 },
      { group: 'SQLite: COMMIT and savepoints', micros: 30 },
      { group: 'our code: ledger', micros: 20 },
      { group: 'checking of input (zod)', micros: 10 },
      { group: 'garbage collection', micros: 5 },
    ]);
  });
});
