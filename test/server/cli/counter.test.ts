import { expect } from 'chai';
import { Town } from '../settlement/support.ts';
import { desk, type Ran } from './support/desk.ts';

describe('the command line at the counter', function () {
  this.timeout(60_000);
  let town: Town;
  beforeEach(async () => {
    town = await Town.open();
    await town.sale(town.a, 1_000);
  });
  afterEach(() => town.server.stop());

  const as = (token: string, words: readonly string[], input = ''): Promise<Ran> =>
    desk({ input }).run(...words, '--url', town.server.url, '--token', token);
  const run = (...words: string[]) => as(town.server.operator, words);
  const json = async (ran: Promise<Ran>) => {
    const { code, out, err } = await ran;
    expect(code, err).to.equal(0);
    return JSON.parse(out) as Record<string, string | number | null>;
  };
  const hold = (reference: string, points: string, pin = '2468\n') =>
    as(
      town.b.token,
      ['payment', 'hold', '--member', town.memberId, '--points', points, '--reference', reference, '--json'],
      pin,
    );

  it('holds points by PIN, takes a part, and gives them back', async () => {
    const { paymentId } = await json(hold('R-1', '300'));
    const id = String(paymentId);
    expect((await run('payment', 'show', id)).out).to.match(/state +held/);
    const captured = await json(as(town.b.token, ['payment', 'capture', id, '--points', '250', '--json']));
    expect(captured).to.include({ state: 'captured', captured: 250 });
    await json(run('payment', 'refund', id, '--points', '100', '--reason', 'Did not fit', '--json'));
    const shown = (await run('payment', 'show', id)).out;
    expect(shown)
      .to.match(/given back +100/)
      .and.include('Did not fit');
    expect((await run('payment', 'list', '--member', town.memberId)).out).to.include('R-1');
    expect((await json(run('payment', 'refund', id, '--reason', 'rest', '--json')))['returned']).to.equal(250);
    await town.expectSound();
  });

  it('voids what is held, once', async () => {
    const { paymentId } = await json(hold('R-2', '300'));
    expect((await json(run('payment', 'void', String(paymentId), '--json')))['state']).to.equal('voided');
    expect((await run('payment', 'capture', String(paymentId))).code).to.equal(1);
  });

  it('refuses a payment of nobody, of two, and without a PIN', async () => {
    const rest = ['--points', '1', '--reference', 'R-3'];
    for (const who of [[], ['--member', town.memberId, '--qr', 'TSR1']])
      expect((await as(town.b.token, ['payment', 'hold', ...who, ...rest])).code).to.equal(2);
    expect((await hold('R-3', '1', '12')).code, 'too short').to.equal(2);
    expect((await hold('R-3', '1', '9999')).code, 'wrong').to.not.equal(0);
    expect((await run('payment', 'list')).out).to.equal('There are no payments.\n');
  });

  it('adds a campaign, changes its limits and lifts them', async () => {
    expect((await run('campaign', 'list')).out).to.equal('There are no campaigns.\n');
    const added = await json(
      run('campaign', 'add', '--name', 'Spring', '--gifts', '500', '--per-member', '1', '--json'),
    );
    expect(added).to.include({ giftsLimit: 500, pointsBudget: null, perMemberLimit: 1, gifts: 0 });
    const id = String(added['campaignId']);
    await json(run('campaign', 'change', id, '--gifts', 'none', '--points', '1000', '--json'));
    expect((await run('campaign', 'show', id)).out)
      .to.match(/gifts +0 of any/)
      .and.match(/points +0 of 1000/);
    expect((await run('campaign', 'list')).out).to.include('Spring');
    expect((await run('campaign', 'change', id)).code, 'nothing to change').to.equal(2);
    expect((await run('campaign', 'change', id, '--per-member', '0')).code).to.equal(2);
    const names = ['--zh', '茶', '--en', 'Tea', '--ar', 'شاي', '--price', '10'];
    const reward = await json(run('reward', 'add', ...names, '--campaign', id, '--json'));
    const stored = await town.must('GET', `/v1/rewards/${String(reward['rewardId'])}`);
    expect(stored).to.include({ campaignId: id });
  });
});
