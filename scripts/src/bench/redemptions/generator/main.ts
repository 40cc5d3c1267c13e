import { readFileSync } from 'node:fs';
import type { BenchInstallation } from '../fleet.ts';
import { serveOrders } from '../../orders.ts';
import { connect, enrol } from '../connect.ts';
import type { BenchKiosk } from '../kiosk.ts';
import { drive, type LoadAnswer, type LoadOrder } from '../load.ts';

/** The load generator: all kiosks of the bench in one process of their own, each on the daemon's own transport. */

let kiosks: readonly BenchKiosk[] = [];

const handle = async (order: LoadOrder): Promise<LoadAnswer> => {
  switch (order.type) {
    case 'prepare': {
      const fleet = JSON.parse(readFileSync(order.fleetFile, 'utf8')) as BenchInstallation[];
      const { url } = order;
      kiosks = await Promise.all(fleet.map(async (each, index) => connect(url, await enrol(url, each, index), each)));
      return { type: 'ready' };
    }
    case 'sign_in':
      await Promise.all(kiosks.map((kiosk) => kiosk.signIn()));
      return { type: 'ready' };
    case 'run':
      return { type: 'done', stretch: await drive(kiosks, order.seconds) };
  }
};

serveOrders(handle, () => Promise.resolve());
