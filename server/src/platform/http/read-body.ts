import express, { type Request, type RequestHandler, type Response } from 'express';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import type { RawBody, Route } from '../openapi/route.ts';

/** The largest JSON body, unless a route says more. Nearly everything that is sent to us as JSON is small. */
const JSON_LIMIT_BYTES = 64 * 1024;

const jsonParser = (limit: number): RequestHandler => express.json({ limit, strict: true, type: () => true });
const parseJson = jsonParser(JSON_LIMIT_BYTES);

const parsed = (parser: RequestHandler, req: Request, res: Response): Promise<unknown> =>
  new Promise((resolve, reject) => {
    void parser(req, res, (error?: unknown) => {
      if (error === undefined) resolve(req.body);
      else reject(error instanceof Error ? error : new Error('The body could not be read', { cause: error }));
    });
  });

const hasBody = (req: Request): boolean =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

const mediaTypeOf = (req: Request): string =>
  (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** Reads the body as the route wants it: nothing, JSON, or bytes of one of its media types. Parser errors are thrown. */
export async function readBody(route: Route, req: Request, res: Response): Promise<Result<unknown, Problem>> {
  const mediaType = mediaTypeOf(req);
  if (route.consumes) {
    if (!route.consumes.mediaTypes.includes(mediaType)) {
      return err(problem('unsupported_media_type', { detail: `Send ${route.consumes.mediaTypes.join(', ')}.` }));
    }
    const bytes = await parsed(express.raw({ limit: route.consumes.limitBytes, type: () => true }), req, res);
    return ok({ mediaType, bytes: Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0) } satisfies RawBody);
  }
  if (!hasBody(req)) return ok(route.body ? {} : undefined);
  if (mediaType !== 'application/json') return err(problem('unsupported_media_type'));
  const parser = route.limitBytes === undefined ? parseJson : jsonParser(route.limitBytes);
  const json = await parsed(parser, req, res);
  return ok(route.body ? json : undefined);
}
