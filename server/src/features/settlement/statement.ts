import type { Db } from '../../platform/database/database.ts';
import { firstLink, nextLink, type Totals } from './chain.ts';
import { statementLines, type ClaimedLine } from './lines.ts';
import type { NetRow, RunRow } from './store.ts';

/** Everything that a statement says, in the order in which it says it. */
export interface Statement {
  readonly run: RunRow;
  readonly net: NetRow;
  /** The public key that verifies the signature, base64url. */
  readonly publicKey: string;
}

/** A line with its place and its link of the chain. */
export interface StatementLine extends ClaimedLine {
  readonly number: number;
  readonly link: string;
}

/** A statement's lines, chained anew: whoever has the lines can check the last link against the signed one. */
export async function* chainedLines(db: Db, { run, net }: Statement): AsyncGenerator<StatementLine> {
  const { party, currency } = net;
  const claim = { runId: run.run_id, from: run.from_posting, to: run.to_posting ?? run.from_posting };
  let link = firstLink({ runId: run.run_id, party, currency });
  let number = 0;
  for await (const page of statementLines(db, claim, net)) {
    for (const line of page) {
      number += 1;
      link = nextLink(link, number, line);
      yield { ...line, number, link };
    }
  }
}

/** What stands above the lines; nothing in it changes once the run is calculated, so every copy is the same to the byte. */
export const headOf = ({ run, net, publicKey }: Statement) => ({
  run: { runId: run.run_id, number: run.number, openedAt: run.opened_at, cutoffAt: run.cutoff_at, until: run.until },
  party: net.party,
  name: net.name,
  currency: net.currency,
  lines: net.lines,
  totals: JSON.parse(net.totals) as Totals,
  netMinor: net.net_minor,
  prepaidMinor: net.prepaid_minor,
  reserveMinor: net.reserve_minor,
  payableMinor: net.payable_minor,
  seal: { lastLink: net.head, keyId: net.key_id, publicKey, signature: net.signature },
});

/** True where the lines, chained anew, end in the link that was signed. */
export async function isChained(db: Db, statement: Statement): Promise<boolean> {
  const { party, currency, head } = statement.net;
  let last = firstLink({ runId: statement.run.run_id, party, currency });
  for await (const line of chainedLines(db, statement)) last = line.link;
  return last === head;
}
