import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import * as z from 'zod/mini';
import { problem, type Problem, type ProblemCode, type ProblemExtras } from '@tessera/shared/problem';
import type { CabinetLog } from '../log-events.ts';
import type { Counters } from '../metrics.ts';

/** The largest body that the cabinet reads. */
export const BODY_LIMIT = '16kb';

export type DoorDependencies = { readonly counters: Counters; readonly log: CabinetLog };

/** The cabinet's HTTP door: every refusal leaves through here, typed, counted and logged. */
export class Door {
  readonly #deps: DoorDependencies;

  constructor(deps: DoorDependencies) {
    this.#deps = deps;
  }

  /** Answers with a problem of the catalogue. */
  refuse(response: Response, code: ProblemCode, extras: ProblemExtras = {}): void {
    this.#deps.counters.count('tessera_cabinet_refusals_total', `door="http",code="${code}"`);
    this.#deps.log('request_refused', { code, path: response.req.path });
    const body: Problem = problem(code, extras);
    response.status(body.status).type('application/problem+json').send(JSON.stringify(body));
  }

  /** Only our own page and programs without an origin may come in. */
  readonly sameOrigin: RequestHandler = (request, response, next) => {
    const origin = request.get('origin');
    const site = request.get('sec-fetch-site');
    const foreign = origin !== undefined && !isOwn(origin, request.get('host'));
    if (foreign || site === 'cross-site') this.refuse(response, 'foreign_origin');
    else next();
  };

  /** A body must be JSON; one that is absent is an empty object. */
  readonly onlyJson: RequestHandler = (request, response, next) => {
    const hasBody =
      request.headers['transfer-encoding'] !== undefined || Number(request.get('content-length') ?? 0) > 0;
    if (hasBody && request.is('application/json') === false) this.refuse(response, 'unsupported_media_type');
    else next();
  };

  readonly notFound: RequestHandler = (_request, response) => {
    this.refuse(response, 'not_found');
  };

  readonly wrongMethod: RequestHandler = (_request, response) => {
    this.refuse(response, 'method_not_allowed');
  };

  /** What body parser and handlers throw. Four parameters: that is how express knows it. */
  readonly failed: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
    const status = error instanceof Error && 'status' in error ? error.status : undefined;
    if (status === 413) this.refuse(response, 'too_large');
    else if (status === 415) this.refuse(response, 'unsupported_media_type');
    else if (status === 400) this.refuse(response, 'malformed');
    else {
      this.#deps.log('request_failed', { error: error instanceof Error ? error.stack : String(error) });
      this.refuse(response, 'internal');
    }
  };

  /** Checks a body against its schema; answers the refusal itself, and then gives undefined. */
  body<T>(request: Request, response: Response, schema: z.ZodMiniType<T>): T | undefined {
    const given: unknown = request.body ?? {};
    const parsed = z.safeParse(schema, given);
    if (parsed.success) return parsed.data;
    const fields = parsed.error.issues.map(({ path, message }) => [`/${path.join('/')}`, message]);
    this.refuse(response, 'invalid_fields', { fields: Object.fromEntries(fields) as Record<string, string> });
    return undefined;
  }
}

function isOwn(origin: string, host: string | undefined): boolean {
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
