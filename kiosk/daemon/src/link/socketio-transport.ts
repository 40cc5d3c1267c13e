import { KIOSK_NAMESPACE } from '@tessera/shared/protocol/kiosk';
import { io } from 'socket.io-client';
import type { Transport } from './transport.ts';

/** The transport over socket.io: WebSocket only, no reconnection of its own, no buffering: the link decides all that. */
export function socketIoTransport(serverUrl: string, connectTimeoutMs: number): Transport {
  return {
    connect(handlers) {
      const socket = io(new URL(KIOSK_NAMESPACE, serverUrl).href, {
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        timeout: connectTimeoutMs,
      });
      let isClosed = false;
      const close = (reason: string): void => {
        if (isClosed) return;
        isClosed = true;
        socket.offAny();
        socket.disconnect();
        handlers.closed(reason);
      };
      socket.onAny((name: string, payload: unknown) => handlers.push(name, payload));
      socket.on('disconnect', close);
      socket.on('connect_error', (error) => close(error.message));
      return {
        send(name, payload, onAnswer) {
          if (!isClosed) socket.emit(name, payload, onAnswer);
        },
        close: () => close('closed here'),
      };
    },
  };
}
