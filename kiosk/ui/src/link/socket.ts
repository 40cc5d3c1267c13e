import { UI_NAMESPACE } from '@tessera/shared/protocol/ui-snapshot';
import { PROTOCOL_VERSIONS } from '@tessera/shared/protocol/version';
import { Manager } from 'socket.io-client';
import type { LinkSocket } from './link.ts';

const ANSWER_WITHIN_MS = 5000;

/** The real socket to the daemon that served this page. */
export function daemonSocket(): LinkSocket {
  const manager = new Manager(window.location.origin, {
    transports: ['websocket'],
    reconnectionDelay: 200,
    reconnectionDelayMax: 2000,
  });
  const socket = manager.socket(UI_NAMESPACE, { auth: { protocols: PROTOCOL_VERSIONS } });
  return {
    on: (event: string, listener: (data: unknown) => void) => socket.on(event, listener),
    ask: (request) => socket.timeout(ANSWER_WITHIN_MS).emitWithAck('intent', request),
    restart: () => socket.disconnect().connect(),
  };
}
