import { problem, type ProblemCode } from '@tessera/shared/problem';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import type { Daemon } from '../dependencies.ts';
import type { Metrics } from '../platform/metrics.ts';
import { isOurOrigin } from './origin.ts';

export type HttpDependencies = {
  readonly daemon: Pick<Daemon, 'controller' | 'pictures'>;
  readonly metrics: Metrics;
  /** Folder of the built screen. */
  readonly uiFolder: string;
  readonly hosts: readonly string[];
};

const mediaTypes: Readonly<Record<string, string>> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
};

/** A year: the names carry the hash of the content. */
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** What the kiosk's browser and its engineer fetch: the screen, pictures, health and metrics. Nothing here changes anything. */
export function createHttpApp({ daemon, metrics, uiFolder, hosts }: HttpDependencies): Express {
  const app = express();
  const refused = (response: Response, code: ProblemCode): void => {
    metrics.refused('http', code);
    const said = problem(code);
    response.status(said.status).type('application/problem+json').send(JSON.stringify(said));
  };
  app.disable('x-powered-by');
  app.use(
    helmet({ contentSecurityPolicy: { useDefaults: false, directives: policy }, strictTransportSecurity: false }),
  );
  app.use(guardDoor(hosts, refused));
  app.get('/healthz', (_request, response) => {
    const { screen, online } = daemon.controller.snapshot;
    const reasons = screen.name === 'out_of_service' ? screen.reasons : [];
    const ready = daemon.controller.state !== 'starting';
    response.status(ready ? 200 : 503).json({ ok: ready, screen: screen.name, online, reasons });
  });
  app.get('/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4').send(await metrics.text());
  });
  app.get('/pictures/:name', async (request, response) => {
    const bytes = await daemon.pictures.read(request.params.name);
    const mediaType = mediaTypes[request.params.name.split('.').at(-1) ?? ''];
    if (!bytes || mediaType === undefined) {
      refused(response, 'not_found');
      return;
    }
    // A drawing is data here: it may not run anything, even when opened by itself.
    response.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    response.set('Cache-Control', IMMUTABLE).type(mediaType).send(Buffer.from(bytes));
  });
  app.use(
    express.static(uiFolder, {
      setHeaders: (response, path) => {
        response.setHeader('Cache-Control', path.includes('/assets/') ? IMMUTABLE : 'no-cache');
      },
    }),
  );
  app.use((_request, response) => refused(response, 'not_found'));
  const onError: ErrorRequestHandler = (_error, _request, response, _next) => refused(response, 'malformed');
  app.use(onError);
  return app;
}

const policy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  mediaSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/** Only reading, and only under this daemon's own names. */
function guardDoor(hosts: readonly string[], refused: (response: Response, code: ProblemCode) => void): RequestHandler {
  return (request, response, next) => {
    if (!isOurOrigin(request.headers, hosts)) refused(response, 'foreign_origin');
    else if (request.method !== 'GET' && request.method !== 'HEAD') refused(response, 'method_not_allowed');
    else next();
  };
}
