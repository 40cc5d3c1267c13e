import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

const SHAPE = /^[A-Za-z0-9_-]{8,64}$/;
/** The id of a request that `requestLog` has seen. */
export const requestIdOf = (res: Response): string => String(res.getHeader('X-Request-Id') ?? '');

/** Asked for every few seconds by machines; their answers are not worth a line. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics']);

/** The request id of a proxy in front of us, where it is well-formed. */
function givenId(req: IncomingMessage): string | undefined {
  const header = req.headers['x-request-id'];
  return typeof header === 'string' && SHAPE.test(header) ? header : undefined;
}

/**
 * Gives every request an id (answered as `X-Request-Id`) and writes one `http.answered` line for it: method, path without
 * query, status and time; no header and no body, so no secret.
 */
export function requestLog(logger: Logger, newId: () => string): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: (req, res) => {
      const id = givenId(req) ?? newId();
      res.setHeader('X-Request-Id', id);
      return id;
    },
    autoLogging: { ignore: (req) => QUIET.has(req.url) },
    serializers: {
      req: (req: { id: unknown; method: string; url: string }) => ({
        id: req.id,
        method: req.method,
        path: req.url.split('?')[0],
      }),
      res: (res: { statusCode: number }) => ({ status: res.statusCode }),
      err: (error: { type?: string }) => ({ type: error.type }),
    },
    customSuccessMessage: () => 'answered',
    customErrorMessage: () => 'answered',
    customProps: () => ({ event: 'http.answered' }),
  });
}
