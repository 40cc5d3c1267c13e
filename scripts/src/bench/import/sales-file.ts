import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { BenchMarket } from '../accruals/found.ts';

const DAY_MS = 24 * 3_600_000;
const PRODUCTS = ['tea', 'cup', 'cake'];
const YEAR_DAYS = 365;

/** Writes a file of sales, oldest first, over a year: every third with its products. */
export async function writeSales(file: string, rows: number, market: BenchMarket, endsAt: number): Promise<void> {
  const out = createWriteStream(file);
  for (let row = 1; row <= rows; row += 1) {
    const soldAt = endsAt - Math.floor(((rows - row) / rows) * YEAR_DAYS * DAY_MS);
    if (!out.write(`${JSON.stringify(saleOf(row, market, soldAt))}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

function saleOf(row: number, { merchantIds, memberIds }: BenchMarket, soldAt: number): object {
  const amountMinor = 500 + ((row * 37) % 9000);
  const half = Math.floor(amountMinor / 2);
  const lines = [half, amountMinor - half].map((amount, index) => ({
    product: PRODUCTS[(row + index) % PRODUCTS.length],
    amountMinor: amount,
  }));
  return {
    merchantId: merchantIds[row % merchantIds.length],
    member: { memberId: memberIds[(row * 7919) % memberIds.length] },
    reference: `I-${String(row)}`,
    soldAt,
    amountMinor,
    currency: 'EUR',
    ...(row % 3 === 0 ? { lines } : {}),
  };
}
