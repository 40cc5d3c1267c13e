import { problem, type ProblemCode } from '@tessera/shared/problem';
import type { Server } from 'socket.io';
import * as parser from 'socket.io-parser';

type Count = (code: ProblemCode) => unknown;

/** socket.io's parser, which tells of each frame that is no packet. The connection ends then; there is nobody left to answer. */
export function tellingParser(refused: Count): object {
  class TellingDecoder extends parser.Decoder {
    override add(frame: unknown): void {
      try {
        super.add(frame);
      } catch (error) {
        refused('malformed');
        throw error;
      }
    }
  }
  return { Encoder: parser.Encoder, Decoder: TellingDecoder };
}

/** Counts frames beyond the size limit, which end their connection, and lets nobody into a namespace of no use. */
export function guardTheRest(server: Server, refused: Count): void {
  server.engine.on('connection', (connection: { once: (event: 'close', closed: typeof onClose) => void }) => {
    connection.once('close', onClose);
  });
  // ws tells why only in words.
  function onClose(_reason: string, cause: unknown): void {
    if (cause instanceof Error && cause.message.includes('Max payload size exceeded')) refused('too_large');
  }
  server.of('/').use((_socket, next) => {
    refused('not_found');
    next(Object.assign(new Error('not_found'), { data: problem('not_found') }));
  });
  server.of((_name, _auth, decide) => {
    refused('not_found');
    decide(null, false);
  });
}
