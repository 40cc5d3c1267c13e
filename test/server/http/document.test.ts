import { expect } from 'chai';
import type { OpenApiDocument } from '@tessera/server/platform/openapi/document';
import { runServer, type RunningServer } from '../support/server.ts';

describe('the documents of the API', () => {
  let server: RunningServer;
  let document: OpenApiDocument;
  before(async () => {
    server = await runServer();
    const { text } = await server.ask('GET', '/openapi.json');
    document = JSON.parse(text) as OpenApiDocument;
  });
  after(() => server.stop());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

  it('is OpenAPI 3.1 with an id, a summary and a tag for every operation', () => {
    expect(document.openapi).to.equal('3.1.0');
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(operations().every(({ operation }) => operation.summary !== '' && operation.tags.length === 1)).to.equal(
      true,
    );
  });

  it('resolves every reference', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).to.be.greaterThan(20);
    for (const [, name = ''] of references) expect(document.components.schemas).to.have.property(name);
    expect(JSON.stringify(document)).to.not.contain('$defs');
  });

  it('names every parameter of every address', () => {
    for (const { path, operation } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const named = operation.parameters.filter((each) => each.in === 'path').map((each) => each.name);
      expect(named, path).to.have.members(inPath);
    }
  });

  it('asks for a key at every change but the two that say why not', () => {
    const without = operations()
      .filter(({ method }) => method !== 'get')
      .filter(({ operation }) => !operation.parameters.some((each) => each.name === 'Idempotency-Key'));
    for (const { operation } of without) expect(operation.description).to.match(/no key is asked for/);
  });

  it('takes no field that it does not know, in any body', () => {
    type Drawn = { $ref?: string; anyOf?: Drawn[]; oneOf?: Drawn[]; additionalProperties?: unknown };
    const closed = ({ $ref, oneOf, anyOf = oneOf, additionalProperties }: Drawn): boolean => {
      if ($ref !== undefined) return closed(document.components.schemas[$ref.split('/').at(-1) ?? ''] as Drawn);
      return anyOf ? anyOf.every(closed) : additionalProperties === false;
    };
    const bodies = operations().flatMap(({ path, method, operation }) => {
      const content = operation.requestBody?.content as Record<string, { schema: Drawn }> | undefined;
      const body = content?.['application/json'];
      return body ? [{ name: `${method} ${path}`, isClosed: closed(body.schema) }] : [];
    });
    expect(bodies.length).to.be.greaterThan(20);
    expect(bodies.filter(({ isClosed }) => !isClosed).map(({ name }) => name)).to.deep.equal([]);
  });

  it('answers every documented address, and lets nobody in without a role', async () => {
    for (const { path, method, operation } of operations()) {
      const address = path.replaceAll(/\{\w+\}/g, '0');
      const reply = await server.ask(method.toUpperCase(), address);
      expect(reply.body.code, `${method} ${path}`).to.not.equal('method_not_allowed');
      if (!operation['x-roles'].includes('public')) expect(reply.status, `${method} ${path}`).to.equal(401);
    }
  });

  it('has a page for people that loads nothing from elsewhere', async () => {
    const page = await server.ask('GET', '/docs');
    expect(page.headers.get('content-type')).to.contain('text/html');
    expect(page.text).to.not.match(/(src|href)="https?:/);
    for (const { path } of operations()) expect(page.text).to.contain(path);
    for (const part of ['/docs/style.css', '/docs/open.js'])
      expect((await server.ask('GET', part)).status).to.equal(200);
  });

  it('tells whether it lives and is ready, and what it measures', async () => {
    expect((await server.ask('GET', '/healthz')).status).to.equal(200);
    expect((await server.ask('GET', '/readyz')).status).to.equal(200);
    const { text } = await server.ask('GET', '/metrics');
    for (const name of ['tessera_http_request_seconds', 'tessera_command_queue', 'tessera_refusals_total']) {
      expect(text).to.contain(`# TYPE ${name}`);
    }
  });
});
