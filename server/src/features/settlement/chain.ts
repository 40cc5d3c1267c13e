import { hash, type KeyObject } from 'node:crypto';
import { signFor, verifyFor } from '@tessera/shared/credentials/signature';
import { canonicalJson } from '../../platform/audit/canonical.ts';
import type { SettlementNetsTable } from '../../platform/database/schema/settlement.ts';
import type { ClaimedLine } from './lines.ts';

/** What a statement is about: the first link of its chain. */
export interface StatementName {
  readonly runId: string;
  readonly party: string;
  readonly currency: string;
}

const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** The first link, so that no two statements have a chain in common. */
export const firstLink = ({ runId, party, currency }: StatementName): string =>
  sha256(JSON.stringify(['tessera:statement:v1', runId, party, currency]));

/** The link of a line: SHA-256 of the link before it and of all that the statement says of the line. */
export function nextLink(before: string, number: number, line: ClaimedLine): string {
  const { posting_id, at, kind, transaction_id, subject, counterparty, points, amount } = line;
  const text = JSON.stringify([number, posting_id, at, kind, transaction_id, subject, counterparty, points, amount]);
  return sha256(`${before}\n${text}`);
}

/** Sums of a statement by kind of line. */
export type Totals = Readonly<
  Record<string, { readonly lines: number; readonly points: number; readonly amount: number }>
>;

type Sealed = Pick<
  SettlementNetsTable,
  | 'run_id'
  | 'party'
  | 'currency'
  | 'name'
  | 'lines'
  | 'totals'
  | 'net_minor'
  | 'prepaid_minor'
  | 'reserve_minor'
  | 'payable_minor'
  | 'head'
>;

/** What is signed of a statement: everything that it says besides its lines, and the last link of those. */
const sealedText = (net: Sealed): string =>
  canonicalJson({
    runId: net.run_id,
    party: net.party,
    currency: net.currency,
    name: net.name,
    lines: net.lines,
    totals: JSON.parse(net.totals) as Totals,
    netMinor: net.net_minor,
    prepaidMinor: net.prepaid_minor,
    reserveMinor: net.reserve_minor,
    payableMinor: net.payable_minor,
    head: net.head,
  });

/** Signs a statement with a server key (Ed25519). */
export const sealStatement = (net: Sealed, key: KeyObject): string => signFor('statement', sealedText(net), key);

/** True where the statement is as it was signed. */
export const isSealed = (net: Sealed, signature: string, key: KeyObject): boolean =>
  verifyFor('statement', sealedText(net), signature, key);
