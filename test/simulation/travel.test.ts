import { Ledger } from '@tessera/server/features/ledger/index';
import { Tiers } from '@tessera/server/features/tiers/index';
import { expect } from 'chai';
import sinon from 'sinon';
import { travel, type JourneyOptions, type JourneyResult } from '../../scripts/src/travel/journey.ts';
import {
  clockChange,
  isLeapDay,
  localMonthStart,
  BERLIN,
  NEW_YORK,
  SHANGHAI,
} from '../../scripts/src/travel/places.ts';
import { freshDatabase } from '../server/support/engine.ts';

/** A leap day, both changes to summer time, and the end of a month in each place. */
const SPRING: Omit<JourneyOptions, 'address'> = {
  seed: 1,
  fromMs: Date.UTC(2028, 1, 26),
  days: 35,
  members: 12,
  merchants: 3,
  checkEvery: 5,
};

async function journey(change: Partial<JourneyOptions> = {}): Promise<JourneyResult> {
  const database = await freshDatabase('memory');
  try {
    return await travel({ ...SPRING, ...change, address: database.address });
  } finally {
    await database.remove();
  }
}

describe('the journey through time', function () {
  this.timeout(60_000);
  afterEach(() => {
    sinon.restore();
  });

  it('keeps every promise over a leap day, two changes of clocks and a month’s end, the same way twice', async () => {
    const first = await journey();
    expect(first.violations).to.deep.equal([]);
    expect(first.counts).to.include({ 'run.posted': 1 });
    for (const what of ['sale.leap_day', 'sale.clocks_change', 'payment.captured', 'return', 'tier.raised'])
      expect(first.counts[what], what).to.be.above(0);
    expect((await journey()).fingerprint).to.equal(first.fingerprint);
  });

  it('goes another way with another seed', async () => {
    const short = { days: 2 };
    expect((await journey({ ...short, seed: 2 })).fingerprint).not.to.equal((await journey(short)).fingerprint);
  });

  it('ends on the day on which a job does not do its work, and says what is broken', async () => {
    sinon.stub(Ledger.prototype, 'vest').resolves({ lots: 0, points: 0 });
    const { violations, days } = await journey();
    expect(days).to.be.below(SPRING.days);
    expect(violations).to.have.length(1);
    expect(violations[0]).to.match(/^2028-03-\d\d points-vest-in-time: /);
  });

  it('finds books that a deed has broken, and the deed when it looks closely', async () => {
    sinon.stub(Tiers.prototype, 'cameBack').resolves();
    const seen = await journey();
    expect(seen.violations[0]).to.match(/^2028-\d\d-\d\d qualifying-equals-sales: /);
    const closely = await journey({ closelyFrom: Date.parse(seen.violations[0]?.slice(0, 10) ?? '') });
    expect(closely.violations[0]).to.match(/ after [^ ]+ return [^ ]+ \d+: qualifying-equals-sales: /);
  });
});

describe('the calendar of the journey', () => {
  const day = (date: string): number => Date.parse(date);

  it('knows when clocks are changed', () => {
    expect(clockChange(day('2028-03-26'), BERLIN)).to.equal(Date.parse('2028-03-26T00:00:00Z'));
    expect(clockChange(day('2028-10-29'), BERLIN)).to.equal(Date.parse('2028-10-29T00:00:00Z'));
    expect(clockChange(day('2028-03-12'), NEW_YORK)).to.equal(Date.parse('2028-03-12T06:00:00Z'));
    expect(clockChange(day('2028-03-25'), BERLIN)).to.equal(undefined);
    expect(clockChange(day('2028-03-26'), SHANGHAI)).to.equal(undefined);
  });

  it('knows where a month begins, and the leap day', () => {
    expect(localMonthStart(day('2028-02-29'), SHANGHAI)).to.equal(Date.parse('2028-02-29T16:00:00Z'));
    expect(localMonthStart(day('2028-02-29'), BERLIN)).to.equal(Date.parse('2028-02-29T23:00:00Z'));
    expect(localMonthStart(day('2028-03-01'), NEW_YORK)).to.equal(Date.parse('2028-03-01T05:00:00Z'));
    expect(localMonthStart(day('2028-03-02'), NEW_YORK)).to.equal(undefined);
    expect(isLeapDay(Date.parse('2028-02-28T16:00:00Z'), SHANGHAI)).to.equal(true);
    expect(isLeapDay(Date.parse('2028-02-28T16:00:00Z'), BERLIN)).to.equal(false);
  });
});
