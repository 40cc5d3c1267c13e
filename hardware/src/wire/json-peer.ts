import type { Socket } from 'node:net';
import * as z from 'zod/mini';
import type { ProblemCode } from '@tessera/shared/problem';
import { encodeLine, JsonLineDecoder } from './json-lines.ts';

/** The far end of a Unix socket that speaks lines of JSON. */
export interface JsonPeer {
  /** Sends a message; false once the socket is gone. */
  send(message: unknown): boolean;
  /** Sends a last message and closes. */
  end(message: unknown): void;
  /** Drops the connection at once. */
  destroy(): void;
}

export type PeerHandlers<In> = {
  onMessage(message: In): void;
  /** Something that is no message of this protocol came. The listener decides what to do with the peer. */
  onGarbage(code: ProblemCode, detail: string): void;
  /** Called once: end of file, an error, or our own doing. */
  onClose(): void;
};

/** Reads and checks the messages of a socket, and hands them on one by one. */
export function jsonPeer<In>(socket: Socket, schema: z.ZodMiniType<In>, handlers: PeerHandlers<In>): JsonPeer {
  const decoder = new JsonLineDecoder();
  socket.on('data', (chunk: Buffer) => {
    for (const read of decoder.push(chunk)) {
      if (socket.destroyed) return;
      if (read.kind !== 'value') {
        handlers.onGarbage(read.kind, 'Expected one JSON object a line.');
        continue;
      }
      const parsed = z.safeParse(schema, read.value);
      if (parsed.success) handlers.onMessage(parsed.data);
      else handlers.onGarbage('invalid_fields', 'Not a message of this protocol.');
    }
  });
  // An error is always followed by close, where it is dealt with.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    handlers.onClose();
  });
  return {
    send: (message) => !socket.destroyed && socket.writable && (socket.write(encodeLine(message)), true),
    end: (message) => {
      if (socket.writable) socket.end(encodeLine(message), () => socket.destroy());
      else socket.destroy();
    },
    destroy: () => {
      socket.destroy();
    },
  };
}
