import type { Server as HttpServer } from 'node:http';
import type { Scheduler } from '@tessera/shared/ports';
import { refuse, type ProblemCode, type Refusal } from '@tessera/shared/problem';
import { UI_NAMESPACE, uiExchanges, type IntentAnswer } from '@tessera/shared/protocol/ui';
import { negotiate } from '@tessera/shared/protocol/version';
import { Server } from 'socket.io';
import * as z from 'zod/mini';
import type { Log } from '../platform/log-events.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { SessionController } from '../session/controller.ts';
import { guardTheRest, tellingParser } from './bad-frames.ts';
import { isOurOrigin } from './origin.ts';
import { showScreens } from './show-screens.ts';

/** A tap is a few hundred bytes; a frame above this ends its connection. */
const MAX_FRAME_BYTES = 16 * 1024;
/** What an intent may hold; above it, it is refused by name. */
const MAX_INTENT_BYTES = 2 * 1024;

export type UiGatewayDependencies = {
  readonly controller: Pick<SessionController, 'snapshot' | 'watch' | 'intent'>;
  readonly scheduler: Scheduler;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Host names under which this daemon may be addressed. */
  readonly hosts: readonly string[];
};

const handshakeSchema = z.object({ protocols: z.array(z.int()).check(z.maxLength(16)) });

/**
 * The screen's socket: sends the newest snapshot on connection and on every change, takes taps. Web pages of other origins,
 * unknown protocol versions, unknown messages and malformed or oversize taps are refused, counted, and change nothing.
 */
export function attachUiSocket(http: HttpServer, deps: UiGatewayDependencies): { close: () => Promise<void> } {
  const { controller, scheduler, log, metrics, hosts } = deps;
  const refused = (code: ProblemCode): Refusal => {
    metrics.refused('ui', code);
    log('ui_refused', { code });
    return refuse(code);
  };
  const server = new Server(http, {
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    parser: tellingParser(refused),
    allowRequest: (request, decide) => {
      const isOurs = isOurOrigin(request.headers, hosts);
      if (!isOurs) refused('foreign_origin');
      decide(isOurs ? null : 'foreign_origin', isOurs);
    },
  });
  guardTheRest(server, refused);
  const ui = server.of(UI_NAMESPACE);
  ui.use((socket, next) => {
    const auth = handshakeSchema.safeParse(socket.handshake.auth);
    if (auth.success && negotiate(auth.data.protocols) !== undefined) {
      next();
      return;
    }
    const { problem } = refused('unsupported_protocol');
    next(Object.assign(new Error(problem.code), { data: problem }));
  });
  ui.on('connection', (socket) => {
    socket.use((packet, next) => {
      takeMessage(packet, { controller, refused });
      next();
    });
    socket.emit('snapshot', controller.snapshot);
  });
  const hide = showScreens(controller, scheduler, (snapshot) => void ui.emit('snapshot', snapshot));
  return {
    close: () => {
      hide();
      return server.close();
    },
  };
}

type Packet = readonly unknown[];
type Answer = (answer: IntentAnswer) => void;

/** Reads one message of the screen. A message without an acknowledgement is answered by nothing, but counted. */
function takeMessage(
  packet: Packet,
  { controller, refused }: Pick<UiGatewayDependencies, 'controller'> & { refused: (code: ProblemCode) => Refusal },
): void {
  const [name, payload] = packet;
  const last = packet.at(-1);
  const answer: Answer = typeof last === 'function' ? (last as Answer) : () => undefined;
  if (name !== 'intent') {
    answer(refused('malformed'));
    return;
  }
  // JSON.stringify answers undefined for what has no JSON.
  const text: unknown = JSON.stringify(payload);
  if (typeof text === 'string' && text.length > MAX_INTENT_BYTES) {
    answer(refused('too_large'));
    return;
  }
  const request = uiExchanges.intent.request.safeParse(payload);
  if (!request.success) {
    answer(refused('invalid_fields'));
    return;
  }
  const taken = controller.intent(request.data);
  answer(taken.ok ? { ok: true } : refused(taken.error.code));
}
