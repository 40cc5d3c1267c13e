import { schemaTable } from './docs-schema.ts';
import type { OpenApiDocument, Operation, Parameter } from './document.ts';
import { escape, prose } from './html.ts';

/** The mark: one tile of a mosaic, turning over. */
const MARK = `<svg width="32" height="32" viewBox="0 0 32 32" aria-hidden="true"><rect x="2" y="2" width="28" height="28" rx="6" fill="var(--terracotta)"/><path d="M2 22 22 2h2a6 6 0 0 1 6 6v16a6 6 0 0 1-6 6H8a6 6 0 0 1-6-6z" fill="var(--gold)" opacity=".55"/></svg>`;

interface Listed {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function parameterTable(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return '';
  const fields = Object.fromEntries(
    parameters.map(({ name, in: place, description, schema }) => [
      name,
      { ...schema, description: `In the ${place === 'path' ? 'address' : place}. ${description ?? ''}`.trim() },
    ]),
  );
  const required = parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name);
  return `<h3>Parameters</h3>${schemaTable({ properties: fields, required }, noComponents, true)}`;
}

const noComponents = { components: { schemas: {} } } as unknown as OpenApiDocument;

function bodySection(title: 'Body' | 'Answer', content: unknown, document: OpenApiDocument): string {
  const types = Object.entries((content ?? {}) as Record<string, { schema: unknown }>);
  const [first] = types;
  if (!first) return '';
  const [type, { schema }] = first;
  const shown =
    type === 'application/json'
      ? schemaTable(schema, document, title === 'Body')
      : `<p class="type">Bytes: ${escape(types.map(([name]) => name).join(', '))}</p>`;
  return `<h3>${title}</h3>${shown}`;
}

function responsesSection(operation: Operation, document: OpenApiDocument): string {
  const entries = Object.entries(operation.responses);
  const done = entries.find(([status]) => status.startsWith('2'));
  const refused = entries.filter(([status]) => !status.startsWith('2'));
  const rows = refused.map(
    ([status, response]) =>
      `<tr><td><code>${status}</code></td><td>${prose(String(response['description']))}</td></tr>`,
  );
  const answer = done ? bodySection('Answer', done[1]['content'], document) : '';
  return `${answer}<h3>Refusals</h3><div class="scroll"><table>${rows.join('')}</table></div>`;
}

function operationBlock({ method, path, operation }: Listed, document: OpenApiDocument): string {
  const { summary, description, parameters, requestBody, operationId } = operation;
  const roles = operation['x-roles'].join(', ');
  return `<details id="${escape(operationId)}">
<summary><span class="method ${escape(method)}">${escape(method.toUpperCase())}</span><code class="path">${escape(path)}</code><span class="roles">${escape(roles)}</span><span class="about">${escape(summary)}</span></summary>
<div class="inside">${description === undefined ? '' : prose(description)}${parameterTable(parameters)}${bodySection('Body', requestBody?.content, document)}${responsesSection(operation, document)}</div>
</details>`;
}

/** Draws the page that people read, from the document that machines read. Works without its script; that one only opens what a link points at. */
export function docsPage(document: OpenApiDocument): string {
  const all: Listed[] = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const groups = document.tags.map(({ name }) => ({
    name,
    listed: all.filter((each) => each.operation.tags[0] === name),
  }));
  const nav = groups.map(({ name, listed }) => {
    const links = listed.map(
      ({ operation }) => `<li><a href="#${escape(operation.operationId)}">${escape(operation.summary)}</a></li>`,
    );
    return `<h2>${escape(name)}</h2><ul>${links.join('')}</ul>`;
  });
  const sections = groups.map(
    ({ name, listed }) =>
      `<section><h2>${escape(name)}</h2>${listed.map((each) => operationBlock(each, document)).join('\n')}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Tessera API</title><link rel="stylesheet" href="/docs/style.css"><script src="/docs/open.js" defer></script></head>
<body><div class="frame">
<nav aria-label="Contents"><p class="mark">${MARK}Tessera</p><p><a href="/openapi.json">OpenAPI 3.1 document</a></p>${nav.join('')}</nav>
<main><h1>The API</h1><div class="lead">${prose(String(document.info['description']))}</div>${sections.join('\n')}</main>
</div></body></html>`;
}

/** Opens the block that the address points at. */
export const docsScript = `const open = () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
};
addEventListener('hashchange', open);
open();
`;
