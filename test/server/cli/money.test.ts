import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Town } from '../settlement/support.ts';
import { desk, type Ran } from './support/desk.ts';

describe('the command line and money', function () {
  this.timeout(60_000);
  let town: Town;
  let folder: string;
  beforeEach(async () => {
    town = await Town.open();
    folder = mkdtempSync(join(tmpdir(), 'tessera-money-'));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await town.server.stop();
  });

  const as = (token: string, words: readonly string[]): Promise<Ran> =>
    desk().run(...words, '--url', town.server.url, '--token', token);
  const run = (...words: string[]) => as(town.server.operator, words);
  const second = (...words: string[]) => as(town.person, words);
  const json = async (...words: string[]) => {
    const ran = await run(...words, '--json');
    expect(ran.code, ran.err).to.equal(0);
    return JSON.parse(ran.out) as Record<string, string>;
  };
  /** Proposes by the first person and confirms by the second. */
  const agree = async (...words: string[]) => {
    const { proposalId = '' } = await json(...words, '--reason', 'agreed');
    expect((await run('money', 'confirm', proposalId, '--yes')).code).to.equal(1);
    const done = await second('money', 'confirm', proposalId, '--yes');
    expect(done.code, done.err).to.equal(0);
  };

  it('sets rates, terms and fees by two people', async () => {
    const { merchantId } = town.a;
    await agree('rates', 'set', '--currency', 'EUR', '--face', '1', '--issue', '1.25', '--redeem', '0.9');
    expect((await run('rates', 'list')).out).to.match(/\* +EUR +on_issue +1 +1\.25 +0\.9 +50 %/);
    expect((await run('rates', 'set', '--currency', 'EUR', '--face', '0.1234567')).code).to.equal(2);
    await agree('money', 'terms', merchantId, '--limit', '1000', '--reserve', '10', '--reserve-cap', '500');
    await agree('money', 'fee', merchantId, '--amount', '500', '--from', '2026-02');
    await agree('money', 'charge', merchantId, '--amount', '1001');
    expect((await run('money', 'show', merchantId)).out)
      .to.include('suspended since')
      .and.include('-1001');
    await json('money', 'prepay', merchantId, '--amount', '2000', '--reference', 'bank 1');
    expect((await run('money', 'show', merchantId)).out).to.match(/issuing +open/);
    expect((await run('money', 'balances')).out).to.include('fee_income');
    const { proposalId = '' } = await json('money', 'charge', merchantId, '--amount', '-5', '--reason', 'mistake');
    expect((await run('money', 'proposals')).out).to.include('mistake');
    expect((await run('money', 'reject', proposalId, '--yes')).out).to.include('rejected');
    expect((await run('money', 'proposals')).out).to.equal('Nothing waits.\n');
  });

  it('settles from the opening to the last payment, and gives files', async () => {
    const { merchantId } = town.a;
    await town.sale(town.a, 1_000);
    await town.sale(town.a, 100);
    const { runId = '' } = await json('settlement', 'open');
    expect((await run('settlement', 'cutoff', runId)).code).to.equal(4);
    expect((await run('settlement', 'cutoff', runId, '--yes')).out).to.equal('Run 1: cutoff.\n');
    while (!(await run('settlement', 'list')).out.includes('calculated'))
      await new Promise((next) => setImmediate(next));
    const statement = [runId, '--party', merchantId, '--currency', 'EUR'];
    const file = join(folder, 'statement.csv');
    expect((await run('settlement', 'statement', ...statement, '--to', file)).out).to.equal(`Written to ${file}.\n`);
    expect((await run('settlement', 'statement', ...statement, '--to', file)).code).to.equal(1);
    const [, line = ''] = readFileSync(file, 'utf8').split('\r\n');
    const posting = line.split(',')[1] ?? '';
    await json('settlement', 'dispute', posting, '--reason', 'not ours');
    expect((await run('settlement', 'disputes')).out)
      .to.include('not ours')
      .and.include('-1200');
    while (!(await run('settlement', 'list')).out.includes('calculated'))
      await new Promise((next) => setImmediate(next));
    expect((await run('settlement', 'approve', runId, '--yes')).code).to.equal(1);
    expect((await second('settlement', 'approve', runId, '--yes')).out).to.equal('Run 1: approved.\n');
    expect((await run('settlement', 'post', runId, '--yes')).out).to.equal('Run 1: posted.\n');
    expect((await run('settlement', 'verify', ...statement)).out).to.equal('Lines and signature hold.\n');
    expect((await run('settlement', 'bank-file', runId)).out).to.match(/collect,.*,EUR,1\.20/);
    const payment = [runId, '--party', merchantId, '--currency', 'EUR', '--reference', 'b'];
    expect((await run('settlement', 'pay', ...payment, '--amount', '-120')).out).to.equal('Recorded.\n');
    expect((await run('settlement', 'show', runId)).out).to.match(/state +paid/);
    const disputes = await json('settlement', 'disputes');
    const [dispute] = disputes['items'] as unknown as { disputeId: string }[];
    await agree('money', 'resolve', dispute?.disputeId ?? '', '--verdict', 'upheld');
    expect((await run('settlement', 'disputes')).out).to.equal('Nothing is disputed.\n');
    await town.expectSound();
  });
});
