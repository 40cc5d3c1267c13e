import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Club, ladder } from '../tiers/club.ts';
import { desk } from './support/desk.ts';

describe('the command line and tiers', () => {
  let club: Club;
  let folder: string;
  before(async () => {
    club = await Club.open();
    folder = mkdtempSync(join(tmpdir(), 'tessera-tiers-'));
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await club.server.stop();
  });

  const run = (...words: string[]) => desk().run(...words, '--url', club.server.url, '--token', club.server.operator);

  it('publishes a ladder from a file, on purpose only, and shows who stands where', async () => {
    const file = join(folder, 'tiers.json');
    writeFileSync(file, JSON.stringify(ladder));
    expect((await run('tier', 'ladder')).out).to.equal('There are no tiers.\n');
    expect((await run('tier', 'set', '--definition', file)).code).to.equal(4);
    expect((await run('tier', 'set', '--definition', file, '--dry-run')).out).to.include('Dry run');
    expect((await run('tier', 'show', club.memberId)).out).to.match(/tier +none/);
    const done = await run('tier', 'set', '--definition', file, '--yes');
    expect(done.code, done.err).to.equal(0);
    expect((await run('tier', 'ladder')).out)
      .to.match(/version +1 \(in force\)/)
      .and.match(/the last 30 days, Europe\/Berlin/)
      .and.match(/gold +Gold +300 +0/);
    await club.buy(120);
    expect((await run('tier', 'show', club.memberId)).out)
      .to.match(/tier +Silver \(silver\)/)
      .and.match(/Gold: 180 points and 0 days to go/)
      .and.match(/raised +– +silver +120 +– +sale/);
    const shown = await run('tier', 'show', club.memberId, '--json');
    expect(JSON.parse(shown.out)).to.deep.include({ points: 120, graceUntil: null });
    writeFileSync(file, JSON.stringify({ ...ladder, span: { kind: 'year' } }));
    expect((await run('tier', 'set', '--definition', file, '--from', '2027-01-01', '--yes')).code).to.equal(0);
    expect((await run('tier', 'ladder')).out)
      .to.match(/version +2\n/)
      .and.include('the calendar year');
  });

  it('says what is wrong with a file, and sends nothing', async () => {
    const file = join(folder, 'wrong.json');
    for (const text of ['{', '[]', '"gold"']) {
      writeFileSync(file, text);
      const ran = await run('tier', 'set', '--definition', file, '--yes');
      expect(ran.code).to.equal(2);
      expect(ran.err).to.include('Nothing was sent');
    }
    writeFileSync(file, JSON.stringify({ ...ladder, graceDays: -1 }));
    expect((await run('tier', 'set', '--definition', file, '--yes')).err).to.include('/graceDays');
  });
});
