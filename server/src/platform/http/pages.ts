import express, { type Express, type RequestHandler } from 'express';
import { problem } from '@tessera/shared/problem';
import type { Metrics } from '../metrics/metrics.ts';
import { docsPage, docsScript } from '../openapi/docs-page.ts';
import { docsStyle } from '../openapi/docs-style.ts';
import { openApiDocument } from '../openapi/document.ts';
import type { Route } from '../openapi/route.ts';
import { sendProblem } from './problems.ts';

export type Page = (app: Express) => void;

/** What a page of ours may load: itself. `connect-src` lets the operations page speak to the API. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

const pagePolicy: RequestHandler = (_req, res, next) => {
  res.setHeader('Content-Security-Policy', PAGE_POLICY);
  next();
};

/**
 * `/healthz`: the process answers. `/readyz`: it can also do its work (503 while it cannot), and whether it is a demo: the
 * demo's seed asks, since its credentials are printed.
 */
export const healthPages =
  (isReady: () => Promise<boolean>, demo: boolean): Page =>
  (app) => {
    app.get('/healthz', (_req, res) => {
      res.json({ ok: true });
    });
    app.get('/readyz', async (_req, res) => {
      if (await isReady()) res.json({ ok: true, demo });
      else sendProblem(res, problem('unavailable', { retryAfterMs: 1_000 }));
    });
  };

/** `/metrics` in Prometheus's text format. */
export const metricsPage =
  (metrics: Metrics): Page =>
  (app) => {
    app.get('/metrics', async (_req, res) => {
      res.type('text/plain; version=0.0.4').send(await metrics.text());
    });
  };

/** `/openapi.json` and the page for people at `/docs`, both drawn once. */
export const documentPages =
  (routes: readonly Route[], tokensCss: string): Page =>
  (app) => {
    const document = openApiDocument(routes);
    const page = docsPage(document);
    app.get('/openapi.json', (_req, res) => {
      res.setHeader('Access-Control-Allow-Origin', '*');
      res.json(document);
    });
    app.get('/docs', pagePolicy, (_req, res) => {
      res.type('html').send(page);
    });
    app.get('/docs/open.js', (_req, res) => {
      res.type('text/javascript').send(docsScript);
    });
    app.get('/docs/style.css', (_req, res) => {
      res.type('css').send(tokensCss + docsStyle);
    });
  };

/** `/admin`: the built operations page. Its own addresses all answer with the page itself. */
export const adminPage =
  (directory: string): Page =>
  (app) => {
    const files = express.static(directory, { index: 'index.html', fallthrough: true, redirect: true });
    app.use('/admin', pagePolicy, files, (req, res, next) => {
      if (req.method === 'GET' && !/\.\w+$/.test(req.path)) res.sendFile('index.html', { root: directory });
      else next();
    });
  };
