import type { Server } from '@tessera/server/app';
import { publicKeyText } from '@tessera/shared/credentials/signature';
import type { Challenge } from '@tessera/shared/protocol/kiosk';
import { foundFleet, must, openServer, type BenchInstallation } from '../fleet.ts';
import { BenchKiosk, deviceKey } from '../kiosk.ts';
import { serveOrders } from '../../orders.ts';
import { drive, type LoadAnswer, type LoadOrder } from '../load.ts';

/** The same redemptions without sockets: kiosks call the gateway of a server in this very process. `node main.js ADDRESS KIOSKS`, with the address of an empty database */

const [address = '', count = ''] = process.argv.slice(2);

/** Enrols a device and lets it say hello. */
async function connect(server: Server, installation: BenchInstallation): Promise<BenchKiosk> {
  const publicKey = publicKeyText(deviceKey(installation));
  const row = await must(server, 'kiosk.enrol', (tx) =>
    server.fleet.kiosks.enrol(tx, installation.enrolmentCode, publicKey),
  );
  let nonce = '';
  const peer = server.mainJob.gateway.connect({
    push(name, payload) {
      if (name === 'challenge') nonce = (payload as Challenge).nonce;
    },
    close: () => undefined,
  });
  const kiosk = new BenchKiosk((event, request) => peer.receive(event, request), row.kiosk_id, installation);
  await kiosk.greet(nonce);
  return kiosk;
}

const server = await openServer(address);
const fleet = await foundFleet(server, Number(count));
const kiosks: BenchKiosk[] = [];
for (const each of fleet) kiosks.push(await connect(server, each));
server.start();

serveOrders(
  async (order: LoadOrder): Promise<LoadAnswer> => {
    if (order.type === 'run') return { type: 'done', stretch: await drive(kiosks, order.seconds) };
    if (order.type === 'sign_in') await Promise.all(kiosks.map((kiosk) => kiosk.signIn()));
    return { type: 'ready' };
  },
  async () => {
    server.disconnect();
    await server.close();
  },
);
