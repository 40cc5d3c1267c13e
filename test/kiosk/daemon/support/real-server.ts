import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KeyObject } from 'node:crypto';
import type { KioskEvent } from '@tessera/shared/protocol/kiosk';
import { KIOSK_NAMESPACE } from '@tessera/shared/protocol/kiosk';
import { Server } from 'socket.io';
import { systemScheduler } from '@tessera/hardware/platform/system';
import { FakeServer } from './fake-server.ts';

/** The test's server behind a real socket.io door. */
export class RealServer {
  readonly fake: FakeServer;
  #io: Server | null = null;
  #port = 0;

  constructor(publicKey: () => KeyObject) {
    this.fake = new FakeServer({ ...systemScheduler, nowMs: Date.now() }, publicKey);
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}`;
  }

  async open(): Promise<void> {
    const http = createServer();
    const io = new Server(http, { transports: ['websocket'] });
    io.of(KIOSK_NAMESPACE).on('connection', (socket) => {
      const connection = this.fake
        .attach(() => true)
        .connect({
          push: (name, payload) => void socket.emit(name, payload),
          closed: () => void socket.disconnect(true),
        });
      socket.onAny((name: KioskEvent, payload: unknown, answer: (value: unknown) => void) =>
        connection.send(name, payload, answer),
      );
      socket.on('disconnect', () => connection.close());
    });
    http.listen(this.#port, '127.0.0.1');
    await once(http, 'listening');
    this.#port = (http.address() as AddressInfo).port;
    this.#io = io;
  }

  async close(): Promise<void> {
    await this.#io?.close();
    this.#io = null;
  }
}
