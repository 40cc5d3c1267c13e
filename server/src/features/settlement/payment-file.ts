import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Refused } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { OPERATOR } from '../../platform/database/schema/clearing.ts';
import { csvLine } from '../../platform/http/csv.ts';
import { escape } from '../../platform/openapi/html.ts';
import { partyTerms, type PartyRow } from '../clearing/index.ts';
import { moneyText } from './money-text.ts';
import type { NetRow, RunRow } from './store.ts';

/** What is still to be paid for one statement, and where to. */
export interface Transfer {
  readonly net: NetRow;
  /** Positive to the party, negative from it. */
  readonly openMinor: number;
  readonly account: PartyRow | undefined;
}

/** Everything of a run that waits for money. */
export async function openTransfers(db: Db, nets: readonly NetRow[]): Promise<Transfer[]> {
  const transfers: Transfer[] = [];
  for (const net of nets.filter((each) => each.state === 'open')) {
    const openMinor = net.payable_minor - net.paid_minor;
    transfers.push({ net, openMinor, account: await partyTerms(db, net.party) });
  }
  return transfers;
}

/** What the bank shall write on a payment: it leads back to the statement. */
const referenceOf = (run: RunRow, index: number): string => `TESSERA-${String(run.number)}-${String(index + 1)}`;

/** All that is open, both ways, as CSV. */
export function paymentCsv(run: RunRow, transfers: readonly Transfer[]): string {
  const head = ['reference', 'direction', 'party', 'name', 'holder', 'iban', 'bic', 'currency', 'amount'];
  const rows = transfers.map(({ net, openMinor, account }, index) => [
    referenceOf(run, index),
    openMinor > 0 ? 'pay' : 'collect',
    net.party,
    net.name,
    account?.holder ?? '',
    account?.iban ?? '',
    account?.bic ?? '',
    net.currency,
    moneyText(Math.abs(openMinor), net.currency),
  ]);
  return [head, ...rows].map(csvLine).join('');
}

/**
 * Pay-outs in euro as a SEPA credit transfer (ISO 20022 pain.001.001.09). What is open decides its bytes, and the run's
 * dates: two copies are the same. Refused where somebody's account is not known.
 */
export async function sepaFile(db: Db, run: RunRow, transfers: readonly Transfer[]): Promise<Refused<string>> {
  const payouts = transfers.filter(({ net, openMinor }) => openMinor > 0 && net.currency === 'EUR');
  const operator = await partyTerms(db, OPERATOR);
  const without = payouts.filter(({ account }) => (account?.iban ?? null) === null).map(({ net }) => net.name);
  if ((operator?.iban ?? null) === null) without.unshift('the operator');
  if (payouts.length === 0) return err(problem('conflict', { detail: 'Nothing is to be paid in euro.' }));
  if (without.length > 0 || !operator) {
    return err(problem('conflict', { detail: `No bank account is known of: ${without.join(', ')}.` }));
  }
  const total = payouts.reduce((sum, { openMinor }) => sum + openMinor, 0);
  const message = `TESSERA-${String(run.number)}-${run.run_id.slice(-10)}`;
  const counts = `<NbOfTxs>${String(payouts.length)}</NbOfTxs><CtrlSum>${moneyText(total, 'EUR')}</CtrlSum>`;
  const at = new Date(run.posted_at ?? 0).toISOString();
  return ok(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>',
      `<GrpHdr><MsgId>${message}</MsgId><CreDtTm>${at}</CreDtTm>${counts}`,
      `<InitgPty><Nm>${name(operator.holder)}</Nm></InitgPty></GrpHdr>`,
      `<PmtInf><PmtInfId>${message}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>${counts}`,
      '<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>',
      `<ReqdExctnDt><Dt>${at.slice(0, 10)}</Dt></ReqdExctnDt>`,
      `<Dbtr><Nm>${name(operator.holder)}</Nm></Dbtr>${account('Dbtr', operator)}<ChrgBr>SLEV</ChrgBr>`,
      ...payouts.map((transfer) => payout(run, transfer, transfers.indexOf(transfer))),
      '</PmtInf></CstmrCdtTrfInitn></Document>',
      '',
    ].join('\n'),
  );
}

function payout(run: RunRow, { net, openMinor, account: payee }: Transfer, index: number): string {
  const reference = referenceOf(run, index);
  const amount = `<Amt><InstdAmt Ccy="EUR">${moneyText(openMinor, 'EUR')}</InstdAmt></Amt>`;
  const [agent, creditor] = [
    agentOf('Cdtr', payee?.bic ?? null),
    `<Cdtr><Nm>${name(payee?.holder ?? net.name)}</Nm></Cdtr>`,
  ];
  return [
    `<CdtTrfTxInf><PmtId><EndToEndId>${reference}</EndToEndId></PmtId>${amount}${agent}${creditor}`,
    `<CdtrAcct><Id><IBAN>${payee?.iban ?? ''}</IBAN></Id></CdtrAcct>`,
    `<RmtInf><Ustrd>Settlement ${String(run.number)}</Ustrd></RmtInf></CdtTrfTxInf>`,
  ].join('');
}

const account = (side: 'Dbtr', { iban, bic }: PartyRow): string =>
  `<${side}Acct><Id><IBAN>${iban ?? ''}</IBAN></Id></${side}Acct>${agentOf(side, bic, true)}`;

/** The debtor's bank has to be named; one that is not known is said to be so. */
function agentOf(side: 'Dbtr' | 'Cdtr', bic: string | null, isAsked = false): string {
  if (bic !== null) return `<${side}Agt><FinInstnId><BICFI>${bic}</BICFI></FinInstnId></${side}Agt>`;
  const unknown = '<FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId>';
  return isAsked ? `<${side}Agt>${unknown}</${side}Agt>` : '';
}

/** A name as a bank takes it: at most 70 characters. */
const name = (text: string | null): string => escape((text ?? '').slice(0, 70));
