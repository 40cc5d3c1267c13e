import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { piecesOf } from '@tessera/server/cli/files/pieces';
import { RowCounter } from '@tessera/server/cli/files/rows';
import { csvLine } from '@tessera/server/platform/http/csv';
import { expect } from 'chai';
import fc from 'fast-check';
import { readCsv } from '../support/csv.ts';
import { openAlliance, type Alliance } from '../support/alliance.ts';
import { desk, type Ran } from './support/desk.ts';

describe('pieces of a file', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tessera-pieces-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('are the file again, cut between lines, from any line on', async () => {
    const line = fc.oneof(fc.string({ maxLength: 20 }), fc.constant('x'.repeat(70_000)));
    const file = join(folder, 'lines');
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 20 }), fc.boolean(), fc.nat(20), async (drawn, ended, skip) => {
        const lines = drawn.map((each) => each.replaceAll('\n', ' '));
        fc.pre(lines.length === 0 || ended || lines.at(-1) !== '');
        writeFileSync(file, lines.join('\n') + (ended && lines.length > 0 ? '\n' : ''));
        const found: string[] = [];
        let next = skip + 1;
        for await (const piece of piecesOf(file, skip)) {
          expect(piece.from).to.equal(next);
          next += piece.lines;
          const text = piece.bytes.toString('utf8');
          const here = text.replace(/\n$/, '').split('\n');
          expect(here).to.have.length(piece.lines);
          found.push(...here);
        }
        const wanted = lines.slice(skip).map((each) => Buffer.from(each).toString('utf8'));
        expect(found).to.deep.equal(wanted);
      }),
      { numRuns: 60 },
    );
  });
});

describe('rows of a file', () => {
  const text = fc.string({ unit: fc.constantFrom('"', '\r', '\n', ',', 'é') });

  it('are counted in CSV and in documents, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 2 })), fc.nat(50), (rows, cut) => {
        const csv = ['a,b\r\n', ...rows.map(csvLine)].join('');
        const ndjson = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
        for (const [format, file] of [
          ['csv', csv],
          ['ndjson', ndjson],
        ] as const) {
          const counter = new RowCounter(format);
          const bytes = Buffer.from(file);
          counter.read(bytes.subarray(0, cut));
          counter.read(bytes.subarray(cut));
          expect(counter.rows).to.equal(rows.length);
        }
      }),
    );
    expect(new RowCounter('csv').rows).to.equal(0);
  });
});

describe('files and rules on the command line', function () {
  this.timeout(60_000);
  let alliance: Alliance;
  let folder = '';
  let merchantId = '';
  let memberId = '';
  before(async () => {
    alliance = await openAlliance();
    folder = mkdtempSync(join(tmpdir(), 'tessera-files-'));
    const words = ['merchant', 'add', '--name', 'Quay Tea', '--industry', 'Tea', '--new-industry', '--currency', 'EUR'];
    merchantId = (await json<{ merchantId: string }>(...words)).merchantId;
    memberId = alliance.seeded.members[0]?.memberId ?? '';
  });
  after(async () => {
    await alliance.close();
    rmSync(folder, { recursive: true });
  });

  const run = (...argv: string[]): Promise<Ran> => desk().run(...argv, '--data', alliance.data);
  async function json<T>(...argv: string[]): Promise<T> {
    const ran = await run(...argv, '--json');
    expect(ran.err, argv.join(' ')).to.equal('');
    expect(ran.code).to.equal(0);
    return JSON.parse(ran.out) as T;
  }
  const fileOf = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const sale = (reference: string, change: object = {}) =>
    `${JSON.stringify({ merchantId, member: { memberId }, reference, amountMinor: 1000, currency: 'EUR', ...change })}\n`;

  it('tries, adds, changes and ends a rule', async () => {
    const definition = fileOf('double.json', '{"gives": {"kind": "multiplier", "percent": 200}}');
    const where = ['--merchant', merchantId, '--member', memberId, '--amount', '1000'];
    const tried = await run('rules', 'try', ...where, '--definition', definition);
    expect(tried.out).to.include('draft: fired, 10 of 10').and.to.include('together: 20');
    const words = ['--name', 'Double', '--definition', definition, '--merchant', merchantId];
    const { ruleId } = await json<{ ruleId: string }>('rules', 'add', ...words);
    expect((await run('rules', 'list')).out)
      .to.include('Double')
      .and.to.include('multiplier');
    fileOf('triple.json', '{"gives": {"kind": "multiplier", "percent": 300}}');
    await json('rules', 'change', ruleId, '--definition', join(folder, 'triple.json'));
    expect((await run('rules', 'try', ...where)).out).to.include('together: 30');
    await json('rules', 'end', ruleId);
    expect((await run('rules', 'show', ruleId)).out)
      .to.include('version 3')
      .and.to.include('"percent": 300');
    expect((await run('rules', 'try', ...where)).out).to.include('together: 10');
    const bad = await run('rules', 'add', '--name', 'Bad', '--definition', fileOf('bad.json', '{'), '--json');
    expect(bad.code).to.equal(2);
  });

  it('imports, reports, goes on, exports', async () => {
    const file = fileOf('sales.ndjson', sale('1') + sale('2', { currency: 'USD' }) + sale('3'));
    const dry = await run('import', 'accruals', file, '--dry-run');
    expect(dry.code, 'refused lines are a failure to scripts').to.equal(1);
    expect(dry.out)
      .to.match(/would be taken\s+2/)
      .and.to.match(/refused\s+1/);
    const report = join(folder, 'wrong.ndjson');
    const done = await run('import', 'accruals', file, '--report', report);
    expect(done.out).to.match(/taken\s+2/);
    expect(JSON.parse(readFileSync(report, 'utf8'))).to.deep.include({ line: 2 });
    const again = await run('import', 'accruals', file, '--report', report);
    expect(again.code).to.equal(2);
    expect(again.err).to.include('is there already');
    const { importId } = JSON.parse((await run('import', 'accruals', file, '--json')).out) as { importId: string };
    const resumed = JSON.parse((await run('import', 'accruals', file, '--resume', importId, '--json')).out) as object;
    expect(resumed).to.include({ lines: 3, taken: 0, repeated: 2, refused: 1 });
    const out = join(folder, 'out.ndjson');
    const exported = await json<{ rows: number }>('export', 'accruals', '--to', out);
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
    expect(lines).to.have.length(exported.rows);
    expect((await run('export', 'accruals', '--to', out)).code).to.equal(2);
    const sheet = join(folder, 'out.csv');
    const inCells = await json<{ rows: number }>('export', 'accruals', '--format', 'csv', '--to', sheet);
    expect(readCsv(readFileSync(sheet, 'utf8'))).to.have.length(exported.rows + 1);
    expect(inCells.rows).to.equal(exported.rows);
    const mine = lines.map((line) => JSON.parse(line) as { reference: string; merchantId: string; accrualId: string });
    const third = mine.find((each) => each.merchantId === merchantId && each.reference === '3')!;
    expect((await run('accrual', 'show', third.accrualId)).out).to.match(/points\s+10/);
    const back = await json<{ points: number }>('accrual', 'refund', third.accrualId, '--all', '--reason', 'Broken');
    expect(back.points).to.equal(10);
    expect((await run('accrual', 'refund', third.accrualId, '--reason', 'x')).code).to.equal(2);
  });
});
