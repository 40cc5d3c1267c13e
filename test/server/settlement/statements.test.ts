import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { publicKeyOfText } from '@tessera/shared/credentials/signature';
import { isSealed } from '@tessera/server/features/settlement/chain';
import { Town } from './support.ts';

describe('statements', function () {
  this.timeout(60_000);
  let town: Town;
  beforeEach(async () => {
    town = await Town.open();
  });
  afterEach(() => town.server.stop());

  const path = (runId: string, party: string, format: string) =>
    `/v1/settlement-runs/${runId}/statements/${party}/EUR/${format}`;

  it('are the same bytes whenever they are asked for, in each format', async () => {
    const { a, b } = town;
    await town.sale(a, 1_000);
    await town.pay(b, 300);
    const { runId } = await town.calculate();
    const texts: string[] = [];
    for (const format of ['json', 'csv', 'html']) {
      texts.push((await town.ask('GET', path(runId, a.merchantId, format))).text);
    }
    await town.post(runId);
    await town.sale(a, 1_000);
    town.server.clock.pass(3_600_000);
    for (const [index, format] of ['json', 'csv', 'html'].entries()) {
      const again = await town.ask('GET', path(runId, a.merchantId, format));
      expect(again.text).to.equal(texts[index]);
    }
    const page = await town.ask('GET', path(runId, b.merchantId, 'html'));
    expect(page.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(page.text).to.include('B &amp; Sons &lt;Ltd&gt;').and.include('2.85');
    expect(texts[1]?.split('\r\n')).to.have.length(3);
  });

  it('chain their lines to a signature that anybody can check', async () => {
    const { a } = town;
    await town.sale(a, 1_000);
    await town.sale(a, 70);
    const { runId } = await town.calculate();
    const { text } = await town.ask('GET', path(runId, a.merchantId, 'json'));
    const statement = JSON.parse(text) as {
      readonly items: readonly Record<string, number | string>[];
      readonly seal: { lastLink: string; publicKey: string; signature: string };
      readonly totals: object;
    };
    expect(statement.items).to.have.length(2);
    const sha256 = (value: string) => createHash('sha256').update(value).digest('hex');
    let link = sha256(JSON.stringify(['tessera:statement:v1', runId, a.merchantId, 'EUR']));
    for (const item of statement.items) {
      const said = [
        'number',
        'postingId',
        'at',
        'kind',
        'transactionId',
        'subject',
        'counterparty',
        'points',
        'amountMinor',
      ];
      link = sha256(`${link}\n${JSON.stringify(said.map((name) => item[name]))}`);
      expect(item['link']).to.equal(link);
    }
    expect(statement.seal.lastLink).to.equal(link);
    const net = await town.server.server.foundation.database.db
      .selectFrom('settlement_nets')
      .selectAll()
      .where('party', '=', a.merchantId)
      .executeTakeFirstOrThrow();
    const key = publicKeyOfText(statement.seal.publicKey);
    if (key === undefined) throw new Error('a key');
    expect(isSealed(net, statement.seal.signature, key)).to.equal(true);
    expect(isSealed({ ...net, net_minor: net.net_minor + 1 }, statement.seal.signature, key)).to.equal(false);
  });

  it('are found out when a line or a sum is changed behind their back', async () => {
    const { a } = town;
    await town.sale(a, 1_000);
    const { runId } = await town.calculate();
    const verify = async () => town.must('GET', `/v1/settlement-runs/${runId}/verifications/${a.merchantId}/EUR`);
    expect(await verify()).to.deep.equal({ linesHold: true, signatureHolds: true });
    const { db } = town.server.server.foundation.database;
    await db.updateTable('money_postings').set({ amount: -1 }).where('account', '=', 'merchant:clearing').execute();
    expect(await verify()).to.deep.equal({ linesHold: false, signatureHolds: true });
    await db.updateTable('settlement_nets').set({ payable_minor: -1 }).execute();
    expect(await verify()).to.deep.equal({ linesHold: false, signatureHolds: false });
  });

  it('are shown to their own merchant’s tills alone', async () => {
    const { a, b } = town;
    await town.sale(a, 1_000);
    const { runId } = await town.calculate();
    for (const [token, status] of [
      [a.token, 200],
      [b.token, 404],
    ] as const) {
      const reply = await town.server.ask('GET', path(runId, a.merchantId, 'csv'), { token });
      expect(reply.status).to.equal(status);
      expect((await town.server.ask('GET', `/v1/settlement-runs/${runId}`, { token })).status).to.equal(status);
      expect((await town.server.ask('GET', `/v1/clearing/parties/${a.merchantId}`, { token })).status).to.equal(status);
    }
  });
});

describe('payment files', function () {
  this.timeout(60_000);
  let town: Town;
  beforeEach(async () => {
    town = await Town.open();
  });
  afterEach(() => town.server.stop());

  it('say what is open, for people and for a bank, and nothing that has been paid', async () => {
    const { a, b } = town;
    await town.sale(a, 100_000);
    await town.pay(b, 30_000);
    const { runId } = await town.calculate();
    const file = (format: string) => town.ask('GET', `/v1/settlement-runs/${runId}/payment-files/${format}`);
    expect((await file('csv')).status).to.equal(409);
    await town.post(runId);
    expect((await file('csv')).text.split('\r\n')).to.have.members([
      'reference,direction,party,name,holder,iban,bic,currency,amount',
      expectRow((await file('csv')).text, a.merchantId, 'collect', '1200.00'),
      expectRow((await file('csv')).text, b.merchantId, 'pay', '285.00'),
      '',
    ]);
    expect((await file('sepa')).body.code).to.equal('conflict');
    const wrong = { action: 'set_terms', reason: 'x', party: b.merchantId, bank: { holder: 'B', iban: 'DE00 1234' } };
    expect((await town.ask('POST', '/v1/money-proposals', wrong)).status).to.equal(422);
    const bank = { holder: 'B & Sons <Ltd>', iban: 'DE89 3704 0044 0532 0130 00', bic: 'COBADEFFXXX' };
    await town.agree({ action: 'set_terms', party: b.merchantId, bank });
    await town.agree({
      action: 'set_terms',
      party: 'operator',
      bank: { holder: 'Alliance', iban: 'GB33BUKB20201555555555' },
    });
    const sepa = await file('sepa');
    expect(sepa.status).to.equal(200);
    expect(sepa.text).to.include('urn:iso:std:iso:20022:tech:xsd:pain.001.001.09');
    expect(sepa.text).to.include('<NbOfTxs>1</NbOfTxs><CtrlSum>285.00</CtrlSum>');
    expect(sepa.text).to.include('<InstdAmt Ccy="EUR">285.00</InstdAmt>');
    expect(sepa.text)
      .to.include('<Nm>B &amp; Sons &lt;Ltd&gt;</Nm>')
      .and.include('<IBAN>DE89370400440532013000</IBAN>');
    expect((await file('sepa')).text).to.equal(sepa.text);
    await town.payment(runId, b.merchantId, 28_500, 'out');
    expect((await file('csv')).text).to.not.include(b.merchantId);
  });
});

/** The row of a party, which has to say this. */
function expectRow(text: string, party: string, direction: string, amount: string): string {
  const row = text.split('\r\n').find((each) => each.includes(party)) ?? '';
  expect(row)
    .to.include(`,${direction},`)
    .and.match(new RegExp(`,EUR,${amount}$`));
  return row;
}
