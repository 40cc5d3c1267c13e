import type { BooksRows, ReplayedPosting } from './store/replay.ts';

/** One number of the books that is not what its postings say. */
export interface Difference {
  readonly memberId: string;
  /** `balance available`, `lot 01J… remaining`, `hold 01J… burnt`, `transaction 01J…` */
  readonly what: string;
  readonly books: number;
  readonly postings: number;
}

/** Adds to a sum that may not have begun. */
const add = (sums: Map<string, number>, key: string, points: number): void => {
  sums.set(key, (sums.get(key) ?? 0) + points);
};

const balanceOfAccount: Readonly<Record<string, string>> = {
  'member:pending': 'pending',
  'member:available': 'available',
  'member:held': 'held',
  'member:debt': 'debt',
};

/** Sums of postings, each under the name of what it must equal. */
export class Rebuilt {
  readonly #sums = new Map<string, number>();
  readonly #open = new Map<string, number>();
  transactions = 0;
  postings = 0;

  add(posting: ReplayedPosting): void {
    const { member_id: member, transaction_id: transaction, account, lot_id, hold_id, points } = posting;
    this.postings += 1;
    const key = `${member} transaction ${transaction}`;
    if (!this.#open.has(key)) this.transactions += 1;
    add(this.#open, key, points);
    const balance = balanceOfAccount[account];
    if (balance !== undefined) add(this.#sums, `${member} balance ${balance}`, balance === 'debt' ? -points : points);
    if (account === 'member:available') add(this.#sums, `${member} lot ${lot_id ?? ''} remaining`, points);
    if (account === 'member:pending') add(this.#sums, `${member} lot ${lot_id ?? ''} pending`, points);
    if (account === 'member:held') add(this.#sums, `${member} hold ${hold_id ?? ''} held`, points);
    if (account === 'redeemed') add(this.#sums, `${member} hold ${hold_id ?? ''} burnt`, points);
  }

  /** What the books say otherwise, or do not know. */
  differences(rows: BooksRows): Difference[] {
    const found: Difference[] = [];
    const left = new Map(this.#sums);
    const compare = (memberId: string, what: string, books: number): void => {
      const key = `${memberId} ${what}`;
      const postings = left.get(key) ?? 0;
      left.delete(key);
      if (books !== postings) found.push({ memberId, what, books, postings });
    };
    for (const { member_id: member, ...balances } of rows.balances)
      for (const [name, points] of Object.entries(balances)) compare(member, `balance ${name}`, points);
    for (const lot of rows.lots) {
      compare(lot.member_id, `lot ${lot.lot_id} remaining`, lot.remaining);
      compare(lot.member_id, `lot ${lot.lot_id} pending`, lot.pending);
    }
    for (const hold of rows.holds) {
      compare(hold.member_id, `hold ${hold.hold_id} held`, hold.state === 'open' ? hold.points : 0);
      compare(hold.member_id, `hold ${hold.hold_id} burnt`, hold.captured - hold.returned);
    }
    for (const [key, points] of [...this.#open, ...left]) {
      if (points === 0) continue;
      const [memberId = '', ...what] = key.split(' ');
      found.push({ memberId, what: what.join(' '), books: 0, postings: points });
    }
    return found;
  }
}
