import type { Offer } from '@tessera/shared/protocol/ui';

const rank: Readonly<Record<Offer['state'], number>> = { available: 0, short: 1, limit: 2, sold_out: 3 };

/** What one can have comes first, then what is nearest; otherwise the order of the machine. */
export function affordableFirst(offers: readonly Offer[]): Offer[] {
  return offers.toSorted((a, b) => rank[a.state] - rank[b.state] || (a.state === 'short' ? a.missing - b.missing : 0));
}

/** Cuts a list into pages; an empty list has one empty page. */
export function pagesOf<Item>(items: readonly Item[], perPage: number): Item[][] {
  const pages: Item[][] = [];
  for (let start = 0; start < items.length; start += perPage) pages.push(items.slice(start, start + perPage));
  return pages.length === 0 ? [[]] : pages;
}
