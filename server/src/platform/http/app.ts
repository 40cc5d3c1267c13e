import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Chance, Clock } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { newUlid } from '@tessera/shared/ids/ulid';
import type { Authenticator } from '../auth/principal.ts';
import type { Log } from '../events/log.ts';
import type { Idempotency } from '../idempotency/idempotency.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Route } from '../openapi/route.ts';
import { originGuard, overloadGuard } from './guards.ts';
import { problemOfError, sendProblem } from './problems.ts';
import { RateLimit, type Rate } from './rate-limit.ts';
import { requestIdOf, requestLog } from './request-log.ts';
import { serveRoute, type RouteShell } from './serve-route.ts';

export interface HttpAppParts {
  readonly routes: readonly Route[];
  /** Doors outside the API: health, documents, pages. They come before the origin guard. */
  readonly pages: readonly ((app: Express) => void)[];
  readonly authenticator: Authenticator;
  readonly idempotency: Pick<Idempotency, 'guard'>;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Web origins besides our own that may ask. */
  readonly allowedOrigins: readonly string[];
  /** Proxies in front of us whose word on a caller's address counts. */
  readonly trustedProxies: number;
  readonly limits: HttpLimits;
}

export interface HttpLimits {
  /** Requests in hand at a time; more are refused as `overloaded`. */
  readonly inHand: number;
  /** Of one signed-in principal. */
  readonly known: Rate;
  /** Of one network address that nobody has signed in from. */
  readonly unknown: Rate;
}

const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Measures every answer under its route's path, never under the address that was asked for (which anyone can make up). */
function measured(metrics: Metrics, clock: Clock): RequestHandler {
  return (req, res, next) => {
    const startedMs = clock.monotonicMs();
    res.once('finish', () => {
      const route = typeof res.locals['route'] === 'string' ? res.locals['route'] : '(none)';
      const seconds = (clock.monotonicMs() - startedMs) / 1000;
      metrics.httpAnswered({ method: req.method, route, status: res.statusCode, seconds });
    });
    next();
  };
}

/** Mounts all routes; a known address with another method is refused with the methods that it takes. */
function mountRoutes(app: Express, routes: readonly Route[], shell: RouteShell): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const group = routes.filter((route) => route.path === path);
    const mounted = app.route(expressPath(path));
    for (const route of group) {
      mounted[route.method](async (req, res) => {
        res.locals['route'] = path;
        await serveRoute(route, shell, req, res);
      });
    }
    mounted.all((_req, res) => {
      res.locals['route'] = path;
      res.setHeader('Allow', group.map(({ method }) => method.toUpperCase()).join(', '));
      shell.refuse(res, problem('method_not_allowed'));
    });
  }
}

/** Turns errors into problems: expected ones by their kind, all others into `internal` with a log line. */
function errorDoor(log: Log, refuse: (res: Response, refusal: Problem) => void): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const expected = problemOfError(error);
    const facts = { requestId: requestIdOf(res), path: req.path };
    if (expected === undefined)
      log.event('http.bug', { ...facts, error: error instanceof Error ? error.stack : error });
    else if (expected.code === 'unavailable') log.event('http.unavailable', { ...facts, error: String(error) });
    if (res.headersSent) next(error);
    else refuse(res, expected ?? problem('internal'));
  };
}

/** Builds the whole HTTP face from its parts. Nothing here knows a capability. */
export function createHttpApp(parts: HttpAppParts): Express {
  const { metrics, clock, chance, limits } = parts;
  const refuse = (res: Response, refusal: Problem): void => {
    metrics.refused('http', refusal.code);
    sendProblem(res, refusal);
  };
  const overload = overloadGuard(limits.inHand, refuse);
  metrics.gauge('tessera_http_in_hand', 'Requests being worked on', overload.inHand);

  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('trust proxy', parts.trustedProxies);
  app.use(requestLog(parts.logger, () => newUlid(clock, chance)));
  app.use(measured(metrics, clock));
  app.use(
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
      strictTransportSecurity: false,
    }),
  );
  for (const page of parts.pages) page(app);
  app.use(originGuard(parts.allowedOrigins, refuse));
  app.use(overload.guard);
  mountRoutes(app, parts.routes, {
    authenticator: parts.authenticator,
    idempotency: parts.idempotency,
    refuse,
    limits: { known: new RateLimit(limits.known, clock), unknown: new RateLimit(limits.unknown, clock) },
  });
  app.use((_req, res) => {
    refuse(res, problem('not_found'));
  });
  app.use(errorDoor(parts.log, refuse));
  return app;
}
