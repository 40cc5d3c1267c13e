import { UI_NAMESPACE } from '@tessera/shared/protocol/ui-snapshot';
import { PROTOCOL_VERSIONS } from '@tessera/shared/protocol/version';
import { io } from 'socket.io-client';
import type { LinkSocket } from './link.ts';

const ANSWER_WITHIN_MS = 5000;

/** The real socket to the daemon that served this page. */
export function daemonSocket(): LinkSocket {
  const socket = io(UI_NAMESPACE, {
    transports: ['websocket'],
    auth: { protocols: PROTOCOL_VERSIONS },
    reconnectionDelay: 200,
    reconnectionDelayMax: 2000,
  });
  return {
    on: (event: string, listener: (data: unknown) => void) => socket.on(event, listener),
    ask: (request) => socket.timeout(ANSWER_WITHIN_MS).emitWithAck('intent', request),
    restart: () => socket.disconnect().connect(),
  };
}
