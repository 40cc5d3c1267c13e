import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { createApi } from '@tessera/server/client/api';
import { seedDemo, type SeededAlliance } from '@tessera/server/demo/seed';
import { systemChance, systemClock } from '@tessera/server/platform/clock/system';
import { serve, type Serving } from '@tessera/server/serve';
import type { Challenge } from '@tessera/shared/protocol/kiosk';
import { engine, freshServerEnv } from './engine.ts';
import { FakeKiosk, type Wire } from './kiosk.ts';

/** A demo server on real files and sockets, seeded through its own doors. */
export type Alliance = {
  readonly data: string;
  /** What a process beside the server needs in its environment to find the same database. */
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  readonly seeded: SeededAlliance;
  /** Enrols the demo kiosk and says hello; the daemon's part is played by the test. */
  connectKiosk(): Promise<FakeKiosk>;
  /** Ends the server, and leaves its books. */
  stop(): Promise<void>;
  close(): Promise<void>;
};

const seedParts = { clock: systemClock, chance: systemChance, fetch, progress: () => undefined };

const operatorOf = (data: string): string => readFileSync(join(data, 'server', 'operator.token'), 'utf8').trim();

async function startServer(data: string, env: Record<string, string>): Promise<Serving> {
  return serve({
    dataDir: data,
    port: 0,
    host: '127.0.0.1',
    demo: true,
    env: { TESSERA_LOG_LEVEL: 'silent', ...env },
    die: () => {
      throw new Error('The server wanted to end its process');
    },
  });
}

export async function openAlliance(on = engine): Promise<Alliance> {
  const data = mkdtempSync(join(tmpdir(), 'tessera-alliance-'));
  const database = await freshServerEnv(on);
  const server = await startServer(data, database.env);
  const seeded = await seedDemo(createApi({ url: server.url, token: operatorOf(data) }, fetch), 1, seedParts);
  if (!seeded.ok) throw new Error(JSON.stringify(seeded.error));
  const sockets: Socket[] = [];
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    for (const socket of sockets) socket.disconnect();
    stopped ??= server.stop();
    return stopped;
  };
  return {
    data,
    env: database.env,
    url: server.url,
    seeded: seeded.value,
    async connectKiosk() {
      const kiosk = new FakeKiosk(systemClock, systemChance);
      const code = seeded.value.kiosks[0]?.enrolmentCode;
      const answer = await fetch(`${server.url}/v1/kiosk-enrolments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': kiosk.newId() },
        body: JSON.stringify({ code, publicKey: kiosk.publicKey }),
      });
      kiosk.kioskId = ((await answer.json()) as { kioskId: string }).kioskId;
      const wire = await dial(server.url);
      sockets.push(wire.socket);
      const hello = await kiosk.hello(wire);
      if (!hello.ok) throw new Error(JSON.stringify(hello.problem));
      return kiosk;
    },
    stop,
    async close() {
      await stop();
      rmSync(data, { recursive: true });
      await database.remove();
    },
  };
}

/** Opens a kiosk's socket; the server's challenge has come. */
export async function dial(url: string): Promise<Wire & { socket: Socket }> {
  const socket = io(`${url}/kiosk`, { transports: ['websocket'], reconnection: false, forceNew: true });
  const challenge = await new Promise<Challenge>((resolve, reject) => {
    socket.once('challenge', resolve);
    socket.once('connect_error', reject);
  });
  return { socket, challenge, send: (event, payload) => socket.timeout(5000).emitWithAck(event, payload) };
}

/** Opens a session at the kiosk for the first demo member, by card and PIN. */
export async function signInFirst(alliance: Alliance, kiosk: FakeKiosk): Promise<void> {
  const { cardUid: uid = '', pin = '' } = alliance.seeded.members[0] ?? {};
  const answer = await kiosk.identify({ kind: 'card', uid, pin });
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
}

/** Takes one gift of a slot as far as the kiosk's word for how it ended. */
export async function vend(
  kiosk: FakeKiosk,
  slot: number,
  outcome: 'dropped' | 'not_dropped' | 'unknown',
): Promise<string> {
  const id = kiosk.newId();
  for (const step of [
    () => kiosk.authorise(id, slot),
    () => kiosk.vending(id, slot),
    () => kiosk.outcome(id, slot, outcome),
  ]) {
    const answer = await step();
    if (!answer.ok) throw new Error(JSON.stringify(answer.problem));
  }
  return id;
}
