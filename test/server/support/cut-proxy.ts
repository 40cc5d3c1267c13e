import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What becomes of the next COMMIT: nothing, or it is lost on its way there, or its answer on the way back. */
type Loss = 'none' | 'question' | 'answer';

/** A line to PostgreSQL that can be cut around a COMMIT. */
export interface CutProxy {
  readonly address: string;
  /** COMMITs that came by since the last cut was ordered. */
  commits(): number;
  lose(what: Loss): void;
  close(): Promise<void>;
}

const COMMIT = Buffer.from('commit\0');
const SOCKET = '.s.PGSQL.5432';

/** Stands between a client and the PostgreSQL of an address. */
export async function openCutProxy(address: string): Promise<CutProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-proxy-'));
  const real = new URL(address).searchParams.get('host') ?? '';
  const sockets = new Set<Socket>();
  let loss: Loss = 'none';
  let commits = 0;

  const server = createServer((client) => {
    const upstream = createConnection(join(real, SOCKET));
    let swallow = false;
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', cut);
    }
    client.on('data', (data) => {
      if (data.includes(COMMIT)) {
        commits += 1;
        swallow = loss === 'answer';
        const lost = loss === 'question';
        loss = 'none';
        if (lost) {
          cut();
          return;
        }
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (swallow) cut();
      else client.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(join(folder, SOCKET), resolve));
  const url = new URL(address);
  url.searchParams.set('host', folder);
  return {
    address: url.toString(),
    commits: () => commits,
    lose: (what) => {
      loss = what;
      commits = 0;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}
