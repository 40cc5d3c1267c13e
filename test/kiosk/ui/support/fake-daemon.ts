import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import {
  snapshotSchema,
  uiExchanges,
  UI_NAMESPACE,
  type IntentAnswer,
  type IntentRequest,
  type Snapshot,
} from '@tessera/shared/protocol/ui';
import { refuse } from '@tessera/shared/problem';
import { Server } from 'socket.io';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export type Part = Partial<Omit<Snapshot, 'version' | 'epoch'>>;

/**
 * Stands in for the daemon: serves the built screen and speaks the real schemas, checked in both directions.
 * What the screen does with a tap is the test's to decide (`onIntent`); stale taps are refused as the daemon does.
 */
export class FakeDaemon {
  readonly intents: IntentRequest[] = [];
  onIntent: (request: IntentRequest) => IntentAnswer = () => ({ ok: true });
  #http: HttpServer | undefined;
  #sockets: Server | undefined;
  #port = 0;
  #snapshot: Snapshot;

  constructor(
    private readonly folders: { readonly dist: string; readonly pictures: string },
    first: Snapshot,
  ) {
    this.#snapshot = first;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}/`;
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  async start(): Promise<void> {
    const http = createServer((request, response) => {
      void this.#file(request.url ?? '/').then(([status, type, body]) => {
        response.writeHead(status, {
          'content-type': type,
          'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
        });
        response.end(body);
      });
    });
    const sockets = new Server(http, { serveClient: false, transports: ['websocket'] });
    sockets.of(UI_NAMESPACE).on('connection', (socket) => {
      socket.emit('snapshot', this.#snapshot);
      socket.on('intent', (data: unknown, answer: (reply: IntentAnswer) => void) => {
        answer(uiExchanges.intent.answer.parse(this.#take(uiExchanges.intent.request.parse(data))));
      });
    });
    http.listen(this.#port, '127.0.0.1');
    await once(http, 'listening');
    this.#port = (http.address() as AddressInfo).port;
    this.#http = http;
    this.#sockets = sockets;
  }

  /** Ends it as a crash would: every connection is cut, the port is free again. */
  async stop(): Promise<void> {
    const closed = this.#http === undefined ? undefined : once(this.#http, 'close');
    await this.#sockets?.close();
    this.#http?.closeAllConnections();
    await closed;
  }

  /** Puts something new on the screen, at the next version. */
  show(part: Part): number {
    this.#snapshot = snapshotSchema.parse({ ...this.#snapshot, ...part, version: this.#snapshot.version + 1 });
    this.#sockets?.of(UI_NAMESPACE).emit('snapshot', this.#snapshot);
    return this.#snapshot.version;
  }

  /** A restarted daemon has a new epoch and begins at version 1. */
  forget(epoch: string, part: Part): void {
    this.#snapshot = snapshotSchema.parse({ ...this.#snapshot, ...part, epoch, version: 1 });
  }

  /** Sends whatever it is given, also what no daemon should say. */
  sendRaw(data: unknown): void {
    this.#sockets?.of(UI_NAMESPACE).emit('snapshot', data);
  }

  #take(request: IntentRequest): IntentAnswer {
    this.intents.push(request);
    const { type } = request.intent;
    const anyVersion = ['begin', 'set_prefs', 'more_time', 'end'].includes(type);
    if (request.epoch !== this.#snapshot.epoch) return refuse('stale_tap');
    if (!anyVersion && request.version !== this.#snapshot.version) return refuse('stale_tap');
    if (request.intent.type === 'set_prefs') {
      const given = request.intent.prefs;
      this.show({ prefs: { ...this.#snapshot.prefs, ...JSON.parse(JSON.stringify(given)) } as Snapshot['prefs'] });
      return { ok: true };
    }
    return this.onIntent(request);
  }

  async #file(url: string): Promise<[number, string, Buffer | string]> {
    const path = normalize(new URL(url, this.url).pathname);
    const file = path.startsWith('/pictures/')
      ? join(this.folders.pictures, path.slice('/pictures/'.length))
      : join(this.folders.dist, path === '/' ? 'index.html' : path);
    try {
      return [200, types[extname(file)] ?? 'application/octet-stream', await readFile(file)];
    } catch {
      return [404, 'text/plain', 'not found'];
    }
  }
}
