import type { Server as HttpServer } from 'node:http';
import { KIOSK_NAMESPACE } from '@tessera/shared/protocol/kiosk';
import { problem } from '@tessera/shared/problem';
import type { Failpoints } from '@tessera/shared/ports';
import { Server, type Socket } from 'socket.io';
import { reach } from '../../platform/failpoints.ts';
import type { KioskGateway } from './gateway.ts';

/** The largest message: hello with a thousand open redemptions. */
const MAX_MESSAGE_BYTES = 262_144;
const CONNECT_TIMEOUT_MS = 5000;

/**
 * Speaks socket.io for the gateway: namespace `/kiosk`, websocket only, no compression (messages are small, kiosks many).
 * Answers what ends every connection, also of those who have not said hello and whom the gateway does not know.
 */
export function attachKioskSockets(http: HttpServer, gateway: KioskGateway, failpoints: Failpoints): () => void {
  const io = new Server(http, {
    serveClient: false,
    transports: ['websocket'],
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // A kiosk is no browser: whoever sends an Origin is one.
    allowRequest: (request, allow) => {
      const isKiosk = request.headers.origin === undefined;
      if (!isKiosk) gateway.refused('foreign_origin');
      allow(isKiosk ? null : 'foreign_origin', isKiosk);
    },
  });
  // The gateway ends connections that never say hello; in socket.io's own default namespace nothing would.
  io.use((_socket, next) => {
    gateway.refused('not_found');
    next(Object.assign(new Error('not_found'), { data: problem('not_found') }));
  });
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
  socket.on('disconnect', (_reason, cause: unknown) => {
    if (isOversize(cause)) gateway.refused('too_large');
    peer.closed();
  });
}

/** True where the websocket ended over a frame beyond the limit, in ws’s words; there is nobody left to answer. */
const isOversize = (cause: unknown): boolean =>
  cause instanceof Error && cause.message.includes('Max payload size exceeded');
