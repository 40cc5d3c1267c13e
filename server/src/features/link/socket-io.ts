import type { Server as HttpServer } from 'node:http';
import { KIOSK_NAMESPACE } from '@tessera/shared/protocol/kiosk';
import type { Failpoints } from '@tessera/shared/ports';
import { Server, type Socket } from 'socket.io';
import { reach } from '../../platform/failpoints.ts';
import { guardTheRest, tellingParser } from './bad-frames.ts';
import type { KioskGateway } from './gateway.ts';

/** The largest message: hello with a thousand open redemptions. */
const MAX_MESSAGE_BYTES = 262_144;
const CONNECT_TIMEOUT_MS = 5000;

/**
 * Speaks socket.io for the gateway: namespace `/kiosk`, websocket only, no compression (messages are small, kiosks many).
 * Answers what ends every connection, also of those who have not said hello and whom the gateway does not know.
 */
export function attachKioskSockets(http: HttpServer, gateway: KioskGateway, failpoints: Failpoints): () => void {
  const refused = gateway.refused.bind(gateway);
  const io = new Server(http, {
    parser: tellingParser(refused),
    serveClient: false,
    transports: ['websocket'],
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // A kiosk is no browser: whoever sends an Origin is one.
    allowRequest: (request, allow) => {
      const isKiosk = request.headers.origin === undefined;
      if (!isKiosk) refused('foreign_origin');
      allow(isKiosk ? null : 'foreign_origin', isKiosk);
    },
  });
  // The gateway ends connections that never say hello; in any other namespace nothing would.
  guardTheRest(io, refused);
  io.of(KIOSK_NAMESPACE).on('connection', (socket) => {
    attach(socket, gateway, failpoints);
  });
  return () => {
    io.engine.close();
  };
}

function attach(socket: Socket, gateway: KioskGateway, failpoints: Failpoints): void {
  const peer = gateway.connect({
    push: (name, payload) => {
      socket.emit(name, payload);
    },
    close: () => {
      socket.disconnect(true);
    },
  });
  socket.onAny((event: string, ...parts: unknown[]) => {
    const last = parts.at(-1);
    const acknowledge = typeof last === 'function' ? (last as (answer: object) => void) : undefined;
    void peer.receive(event, parts[0]).then((answer) => {
      reach(failpoints, 'server.answer.before');
      acknowledge?.(answer);
      reach(failpoints, 'server.answer.after');
    });
  });
  socket.on('disconnect', () => peer.closed());
}
