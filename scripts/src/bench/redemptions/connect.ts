import { socketIoTransport } from '@tessera/kiosk-daemon/link/socketio-transport';
import { publicKeyText } from '@tessera/shared/credentials/signature';
import type { Challenge } from '@tessera/shared/protocol/kiosk';
import type { BenchInstallation } from './fleet.ts';
import { BenchKiosk, deviceKey, type Ask } from './kiosk.ts';

const CONNECT_MS = 10_000;

/** Enrols a device as the daemon does. Each comes from an address of its own, as kiosks do: the door counts attempts by it. */
export async function enrol(url: string, installation: BenchInstallation, index: number): Promise<string> {
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

/**
 * Connects and says hello, on the daemon's own transport.
 * @param through what each message goes through on its way
 */
export function connect(
  url: string,
  kioskId: string,
  installation: BenchInstallation,
  through: (ask: Ask) => Ask = (ask) => ask,
): Promise<BenchKiosk> {
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
    const kiosk = new BenchKiosk(through(ask), kioskId, installation);
  });
}
