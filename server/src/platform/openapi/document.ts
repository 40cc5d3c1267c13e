import { problemCatalogue, problemSchema, type ProblemCode } from '@tessera/shared/problem';
import * as z from 'zod';
import { annotateSharedFields } from './annotations.ts';
import { needsKey, statusOf, type Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;
type Schema = z.core.$ZodType;

/** The parts of an OpenAPI 3.1 document that we write and the human page reads. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: Json;
  readonly servers: readonly Json[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Record<string, Json>; readonly securitySchemes: Json };
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Json[];
  readonly 'x-roles': readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Json };
  readonly responses: Readonly<Record<string, Json>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Json;
}

const PREFIX = '#/components/schemas/';

/** Collects schemas: named ones (`meta({id})`) move to the components, all others stay where they are used. */
class SchemaBook {
  readonly components: Record<string, Json> = {};

  /** The JSON Schema of a request (`input`) or an answer (`output`). */
  draw(schema: Schema, io: 'input' | 'output'): Json {
    const drawn = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    const {
      $schema: _dialect,
      $defs = {},
      ...rest
    } = JSON.parse(JSON.stringify(drawn).replaceAll('"#/$defs/', `"${PREFIX}`)) as {
      $schema?: unknown;
      $defs?: Record<string, Json>;
    } & Json;
    for (const [name, part] of Object.entries($defs)) this.components[name] = part;
    const { id, ...content } = rest;
    if (typeof id !== 'string') return rest;
    this.components[id] = content;
    return { $ref: PREFIX + id };
  }
}

const jsonContent = (schema: Json): Json => ({ 'application/json': { schema } });

/** Refusals that the shell gives on its own, by what the route declares. */
function shellRefusals(route: Route): ProblemCode[] {
  const codes: ProblemCode[] = ['foreign_origin', 'overloaded', 'unavailable', 'internal'];
  if (!route.roles.includes('public')) codes.push('unauthenticated', 'forbidden');
  if (needsKey(route)) codes.push('idempotency_key_missing', 'idempotency_key_reused', 'in_flight');
  if (route.query ?? route.body) codes.push('invalid_fields');
  if (route.params) codes.push('not_found');
  if (route.body ?? route.consumes) codes.push('malformed', 'unsupported_media_type', 'too_large');
  return codes;
}

/** One answer a status; each names the codes that it may carry. */
function refusalResponses(route: Route): Record<string, Json> {
  const codes = [...new Set([...shellRefusals(route), ...(route.refusals ?? [])])].sort();
  const responses: Record<string, Json> = {};
  for (const status of new Set(codes.map((code) => problemCatalogue[code][0]))) {
    const here = codes.filter((code) => problemCatalogue[code][0] === status);
    responses[String(status)] = {
      description: here.map((code) => `\`${code}\`: ${problemCatalogue[code][1]}`).join('\n\n'),
      content: { 'application/problem+json': { schema: { $ref: `${PREFIX}Problem` } } },
    };
  }
  return responses;
}

function parametersOf(route: Route, book: SchemaBook): Parameter[] {
  const parameters: Parameter[] = [];
  for (const [place, schema] of [
    ['path', route.params],
    ['query', route.query],
  ] as const) {
    if (!schema) continue;
    const drawn = book.draw(schema, 'input') as { properties?: Record<string, Json>; required?: string[] };
    for (const [name, { description, ...part }] of Object.entries(drawn.properties ?? {})) {
      const required = place === 'path' || (drawn.required ?? []).includes(name);
      const said = typeof description === 'string' ? { description } : {};
      parameters.push({ name, in: place, required, ...said, schema: part });
    }
  }
  if (needsKey(route)) {
    const description = 'A fresh value for each new request, the same one for each repeat of it. Kept 30 days.';
    const schema = { type: 'string', minLength: 8, maxLength: 128 };
    parameters.push({ name: 'Idempotency-Key', in: 'header', required: true, description, schema });
  }
  return parameters;
}

const bytesOf = (mediaTypes: readonly string[]): Json =>
  Object.fromEntries(mediaTypes.map((type) => [type, { schema: { type: 'string', contentMediaType: type } }]));

function requestBodyOf(route: Route, book: SchemaBook): { required: true; content: Json } | undefined {
  if (route.consumes) return { required: true, content: bytesOf(route.consumes.mediaTypes) };
  return route.body && { required: true, content: jsonContent(book.draw(route.body, 'input')) };
}

const operationId = (route: Route): string =>
  [route.method, ...route.path.split(/[^A-Za-z0-9]+/).filter((part) => part !== '' && part !== 'v1')]
    .map((part, index) => (index === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1)))
    .join('');

function operationOf(route: Route, book: SchemaBook): Operation {
  const requestBody = requestBodyOf(route, book);
  const content = route.answer ? jsonContent(book.draw(route.answer, 'output')) : bytesOf(route.produces ?? []);
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.about === undefined ? {} : { description: route.about }),
    security: route.roles.includes('public') ? [] : [{ bearer: [] }],
    'x-roles': route.roles,
    parameters: parametersOf(route, book),
    ...(requestBody ? { requestBody } : {}),
    responses: { [String(statusOf(route))]: { description: 'Done.', content }, ...refusalResponses(route) },
  };
}

const INFO = {
  title: 'Tessera',
  version: '0.1.0',
  summary: 'The API of an open, self-hosted loyalty alliance.',
  description:
    'Amounts are whole points or minor units of money; times are milliseconds since the Unix epoch. Refusals are `application/problem+json` with a stable `code`. Every change asks for an `Idempotency-Key`: the same key and body have one effect and get the same answer. Lists are read page by page with `limit` and `cursor`.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

/** Draws the OpenAPI 3.1 document of all routes from the very schemas that check their requests. */
export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  annotateSharedFields();
  const book = new SchemaBook();
  book.components['Problem'] = book.draw(problemSchema, 'output');
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operationOf(route, book);
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: book.components,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A session or terminal token.' } },
    },
  };
}
