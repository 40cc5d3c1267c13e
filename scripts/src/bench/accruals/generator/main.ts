import { readFileSync } from 'node:fs';
import { serveOrders } from '../../orders.ts';
import type { BenchMarket } from '../found.ts';
import { Tills, type LoadAnswer, type LoadOrder } from '../load.ts';

/** The load generator: all tills of the bench in one process of their own. */

let tills: Tills | undefined;

serveOrders(
  async (order: LoadOrder): Promise<LoadAnswer> => {
    if (order.type === 'prepare') {
      tills = new Tills(order.url, JSON.parse(readFileSync(order.marketFile, 'utf8')) as BenchMarket);
      return { type: 'ready' };
    }
    if (!tills) throw new Error('The tills were not prepared.');
    return { type: 'done', stretch: await tills.drive(order.seconds, order.manner) };
  },
  () => Promise.resolve(),
);
