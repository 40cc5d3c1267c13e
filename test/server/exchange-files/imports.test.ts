import { exportKinds } from '@tessera/server/features/exchange-files/names';
import { expect } from 'chai';
import { readCsv } from '../support/csv.ts';
import { addMember, openMerchant } from '../support/people.ts';
import { runServer, type Body, type RunningServer } from '../support/server.ts';
import { expectSound } from '../support/sound.ts';

const DAY = 24 * 3_600_000;

interface State extends Body {
  readonly importId: string;
  readonly lines: number;
  readonly taken: number;
  readonly repeated: number;
  readonly refused: number;
}

describe('files of lines', () => {
  let server: RunningServer;
  let till: Awaited<ReturnType<typeof openMerchant>>;
  let memberId: string;
  beforeEach(async () => {
    server = await runServer();
    till = await openMerchant(server);
    memberId = await addMember(server);
  });
  afterEach(async () => {
    await expectSound(server);
    await server.stop();
  });

  const begin = async (kind: string, dryRun = false) => {
    const body = { kind, name: `${kind}.ndjson`, dryRun };
    return (await server.must('POST', '/v1/imports', { token: server.operator, body })) as State;
  };
  const put = ({ importId }: State, from: number, lines: readonly unknown[]) => {
    const body = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
    const headers = { 'content-type': 'application/x-ndjson' };
    return server.ask('PUT', `/v1/imports/${importId}/lines/${String(from)}`, {
      token: server.operator,
      body,
      headers,
    });
  };
  const sale = (reference: string, change: object = {}) => ({
    merchantId: till.merchantId,
    member: { memberId },
    reference,
    amountMinor: 1000,
    currency: 'EUR',
    ...change,
  });
  const counts = ({ lines, taken, repeated, refused }: State) => [lines, taken, repeated, refused];

  it('take every sale that can be, say which cannot and why, and go by the day it was sold', async () => {
    const begun = await begin('accruals');
    const soldAt = server.clock.nowMs() - 100 * DAY;
    const answer = await put(begun, 1, [
      sale('A1', { soldAt }),
      'not JSON',
      sale('A2', { currency: 'USD' }),
      sale('A1', { soldAt }),
      sale('A1', { amountMinor: 5 }),
      '',
      { ...sale('A3'), merchantId: 'nobody' },
      sale('A4', { colour: 'red' }),
    ]);
    expect(counts(answer.body as State)).to.deep.equal([8, 1, 1, 6]);
    const path = `/v1/imports/${begun.importId}`;
    const ended = (await server.must('POST', `${path}/end`, { token: server.operator })) as State;
    expect(ended).to.include({ state: 'ended', lines: 8 });
    const token = server.operator;
    const found: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await server.must('GET', `${path}/refusals?limit=4${query}`, { token });
      for (const { line, problem } of page.items as unknown as { line: number; problem: Body }[])
        found.push([line, problem.code]);
      cursor = page.nextCursor;
    }
    expect(found).to.deep.equal([
      [2, 'malformed'],
      [3, 'invalid_fields'],
      [5, 'conflict'],
      [6, 'malformed'],
      [7, 'invalid_fields'],
      [8, 'invalid_fields'],
    ]);
    const { items } = await server.must('GET', '/v1/accruals', { token });
    expect(items.map((item) => (item as unknown as { soldAt: number }).soldAt)).to.deep.equal([soldAt]);
  });

  it('count a piece once, however often it is sent, and take no piece out of turn', async () => {
    const begun = await begin('accruals');
    const lines = Array.from({ length: 300 }, (_, index) => sale(`B${String(index)}`));
    const sent = await Promise.all([put(begun, 1, lines), put(begun, 1, lines), put(begun, 1, lines)]);
    for (const { status } of sent) expect(status).to.equal(200);
    expect((await put(begun, 302, [sale('C1')])).body).to.deep.include({
      code: 'conflict',
      facts: { state: 'open', next: 301 },
    });
    const again = (await put(begun, 1, lines)).body as State;
    expect(again.lines).to.equal(300);
    expect(again.taken + again.repeated).to.equal(300);
    expect(await server.must('GET', `/v1/members/${memberId}/balance`, { token: server.operator })).to.include({
      available: 3000,
    });
    await server.must('POST', `/v1/imports/${begun.importId}/end`, { token: server.operator });
    expect((await put(begun, 301, [sale('C1')])).body.code).to.equal('conflict');
  });

  it('can be tried: all is said, nothing is changed', async () => {
    const begun = await begin('accruals', true);
    const before = await server.dump('imports', 'import_refusals', 'jobs', 'audit');
    const tried = (await put(begun, 1, [sale('D1'), sale('D2', { currency: 'USD' })])).body as State;
    expect(counts(tried)).to.deep.equal([2, 1, 0, 1]);
    expect(await server.dump('imports', 'import_refusals', 'jobs', 'audit')).to.equal(before);
  });

  it('bring members, each address once', async () => {
    const begun = await begin('members');
    const person = (value: string) => ({
      name: 'Lina',
      language: 'ar',
      address: { kind: 'email', value },
      birthday: '02-29',
    });
    const answer = await put(begun, 1, [
      person('lina@example.org'),
      person('LINA@example.org'),
      { ...person('noor@example.org'), language: 'xx' },
    ]);
    expect(counts(answer.body as State)).to.deep.equal([3, 1, 1, 1]);
    const { items } = await server.must('GET', '/v1/members?search=Lina', { token: server.operator });
    expect(items).to.have.length(1);
    expect(items[0]).to.include({ birthday: '02-29', language: 'ar' });
  });

  it('leave as they came, page by page, and without secrets', async () => {
    const begun = await begin('accruals');
    const lines = [{ product: 'tea', amountMinor: 1000 }];
    await put(
      begun,
      1,
      ['E1', 'E2', 'E3'].map((reference) => sale(reference, { lines })),
    );
    const token = server.operator;
    const references: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = await server.ask('GET', `/v1/exports/accruals?limit=2${query}`, { token });
      expect(page.headers.get('content-type')).to.equal('application/x-ndjson');
      for (const line of page.text.trimEnd().split('\n')) {
        if (line !== '') references.push((JSON.parse(line) as { reference: string }).reference);
      }
      cursor = page.headers.get('x-next-cursor');
    } while (cursor !== null);
    expect(references.sort()).to.deep.equal(['E1', 'E2', 'E3']);
    for (const kind of exportKinds) {
      const { text, status } = await server.ask('GET', `/v1/exports/${kind}?limit=1`, { token });
      expect(status, kind).to.equal(200);
      expect(text).to.not.match(/hash|secret|content"/i);
    }
    const first = await server.ask('GET', '/v1/exports/accrual-lines?format=csv&limit=1', { token });
    expect(first.headers.get('content-type')).to.equal('text/csv; charset=utf-8');
    const next = String(first.headers.get('x-next-cursor'));
    const rest = await server.ask('GET', `/v1/exports/accrual-lines?format=csv&limit=5&cursor=${next}`, { token });
    const [head, ...rows] = readCsv(first.text + rest.text);
    expect(head?.slice(0, 3)).to.deep.equal(['accrualId', 'line', 'product']);
    expect(rows.map((row) => row[2])).to.deep.equal(['tea', 'tea', 'tea']);
    const elsewhere = await server.ask('GET', `/v1/exports/accruals?cursor=${next}`, { token });
    expect(elsewhere.body).to.include({ code: 'invalid_fields' });
    expect((await server.ask('GET', '/v1/exports/accruals?format=xml', { token })).status).to.equal(422);
    expect((await server.ask('GET', '/v1/exports/audit', { token })).status).to.equal(404);
    expect((await server.ask('GET', '/v1/exports/members', { token: till.token })).status).to.equal(403);
  });
});
