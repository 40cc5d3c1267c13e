import { readFileSync } from 'node:fs';
import { socketIoTransport } from '@tessera/kiosk-daemon/link/socketio-transport';
import { publicKeyText } from '@tessera/shared/credentials/signature';
import type { Challenge } from '@tessera/shared/protocol/kiosk';
import type { BenchInstallation } from '../fleet.ts';
import { serveOrders } from '../../orders.ts';
import { BenchKiosk, deviceKey, type Ask } from '../kiosk.ts';
import { drive, type LoadAnswer, type LoadOrder } from '../load.ts';

/** The load generator: all kiosks of the bench in one process of their own, each on the daemon's own transport. */

const CONNECT_MS = 10_000;

/** Enrols a device as the daemon does. Each comes from an address of its own, as kiosks do: the door counts attempts by it. */
async function enrol(url: string, installation: BenchInstallation, index: number): Promise<string> {
  const { enrolmentCode } = installation;
  const response = await fetch(`${url}/v1/kiosk-enrolments`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': enrolmentCode,
      'x-forwarded-for': `10.0.0.${String(index + 1)}`,
    },
    body: JSON.stringify({ code: enrolmentCode, publicKey: publicKeyText(deviceKey(installation)) }),
  });
  if (!response.ok) throw new Error(`A kiosk could not be enrolled: ${await response.text()}`);
  return ((await response.json()) as { kioskId: string }).kioskId;
}

/** Connects and says hello. */
function connect(url: string, kioskId: string, installation: BenchInstallation): Promise<BenchKiosk> {
  return new Promise((resolve, reject) => {
    const connection = socketIoTransport(url, CONNECT_MS).connect({
      push(name, payload) {
        if (name !== 'challenge') return;
        kiosk.greet((payload as Challenge).nonce).then(() => resolve(kiosk), reject);
      },
      closed(reason) {
        reject(new Error(`A connection ended: ${reason}`));
      },
    });
    const ask: Ask = (event, request) =>
      new Promise((answer) => {
        connection.send(event, request, answer);
      });
    const kiosk = new BenchKiosk(ask, kioskId, installation);
  });
}

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
