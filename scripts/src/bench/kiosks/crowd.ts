import { readFileSync } from 'node:fs';
import { io } from 'socket.io-client';
import { serveOrders } from '../orders.ts';
import type { CrowdAnswer, CrowdOrder } from './crowd-process.ts';
import type { EnrolledKiosk } from './found.ts';
import { IdleKiosk } from './idle-kiosk.ts';

/** All kiosks of the bench in one process of their own. `fork`ed with the file of those that are enrolled. */
const [fleetFile = ''] = process.argv.slice(2);
const fleet = JSON.parse(readFileSync(fleetFile, 'utf8')) as readonly EnrolledKiosk[];
const crowd = fleet.map((each) => new IdleKiosk(each));
/** Those that knock at the same time. */
const AT_THE_DOOR = 100;

/** Does something for each, some at a time. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = all.values();
  await Promise.all(
    Array.from({ length: AT_THE_DOOR }, async () => {
      for (const one of waiting) await work(one);
    }),
  );
}

const bare = (url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true });
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });

async function obey(order: CrowdOrder): Promise<CrowdAnswer> {
  switch (order.type) {
    case 'arrive':
      await each(crowd.slice(...order.part), (kiosk) => kiosk.arrive(order.url));
      return { type: 'done' };
    case 'arrive_bare':
      await each(fleet.slice(...order.part), () => bare(order.url));
      return { type: 'done' };
    case 'storm':
      // All at once lose their connection, and all come back.
      for (const kiosk of crowd) kiosk.leave();
      await each(crowd, (kiosk) => kiosk.arrive(order.url));
      return { type: 'done' };
    case 'tell':
      return { type: 'heard', heard: crowd.map((kiosk) => kiosk.heard()) };
  }
}

serveOrders(obey, () => Promise.resolve());
