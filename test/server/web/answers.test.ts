import { fileURLToPath } from 'node:url';
import type { OpenApiDocument } from '@tessera/server/platform/openapi/document';
import { expect } from 'chai';
import ts from 'typescript';
import { runServer } from '../support/server.ts';

/** What the page calls, and what its types claim of the answer. */
const CLAIMS: readonly (readonly [claim: string, method: string, path: string])[] = [
  ['page.Page<page.Kiosk>', 'get', '/v1/kiosks'],
  ['{ readonly items: readonly page.Slot[] }', 'get', '/v1/kiosks/{kioskId}/slots'],
  ['page.Page<page.Reward>', 'get', '/v1/rewards'],
  ['page.Page<page.Redemption>', 'get', '/v1/redemptions'],
  ['page.RedemptionDetail', 'get', '/v1/redemptions/{redemptionId}'],
  ['page.Resolution', 'post', '/v1/redemptions/{redemptionId}/resolutions'],
  ['page.Page<page.Discrepancy>', 'get', '/v1/discrepancies'],
  ['page.Pickup', 'get', '/v1/pickups/{redemptionId}'],
  ['page.Pickup', 'post', '/v1/pickups/{redemptionId}/cancellation'],
  ['{ readonly verdict: page.CountVerdict }', 'post', '/v1/kiosks/{kioskId}/slots/{slot}/counts'],
  ['page.CheckResult', 'get', '/v1/check'],
  ['{ readonly items: readonly page.Admin[] }', 'get', '/v1/admins'],
];

interface Drawn {
  readonly $ref?: string;
  readonly anyOf?: readonly Drawn[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string | readonly string[];
  readonly items?: Drawn;
  readonly properties?: Readonly<Record<string, Drawn>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Drawn | boolean;
}

const PLAIN: Readonly<Record<string, string>> = {
  integer: 'number',
  number: 'number',
  string: 'string',
  boolean: 'boolean',
  null: 'null',
};

/** A schema of the document as the type of what it lets through; what it does not say is `unknown`. */
function typeOf(schema: Drawn): string {
  const { type } = schema;
  if (typeof type === 'object') return `(${type.map((each) => typeOf({ ...schema, type: each })).join(' | ')})`;
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? 'unknown';
  if (schema.anyOf) return `(${schema.anyOf.map(typeOf).join(' | ')})`;
  if (schema.enum) return `(${schema.enum.map((each) => JSON.stringify(each)).join(' | ')})`;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (type === 'array') return `(${typeOf(schema.items ?? {})})[]`;
  if (type === 'object') return objectType(schema);
  return PLAIN[type ?? ''] ?? 'unknown';
}

function objectType({ properties, required = [], additionalProperties }: Drawn): string {
  if (!properties)
    return `Record<string, ${typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown'}>`;
  const fields = Object.entries(properties).map(
    ([name, field]) => `${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(field)};`,
  );
  return `{ ${fields.join(' ')} }`;
}

/** A module in which every answer is taken for what the page claims of it. */
function contractOf(document: OpenApiDocument, claims: typeof CLAIMS): string {
  const named = Object.entries(document.components.schemas).map(
    ([name, schema]) => `type ${name} = ${typeOf(schema)};`,
  );
  const fits = claims.map(([claim, method, path], index) => {
    const answered = Object.entries(document.paths[path]?.[method]?.responses ?? {}).find(([status]) =>
      status.startsWith('2'),
    );
    const { schema } = (answered?.[1]['content'] as Record<string, { schema: Drawn }>)['application/json'] ?? {
      schema: {},
    };
    return `export const fit${String(index)} = (answer: ${typeOf(schema)}): ${claim} => answer;`;
  });
  return [`import type * as page from '../../../server/web/src/api/answers.ts';`, ...named, ...fits].join('\n');
}

/** What the compiler, as strict as for the page itself, finds wrong with a module that stands beside this file. */
function complaintsOf(text: string): string[] {
  const file = fileURLToPath(new URL('contract.ts', import.meta.url));
  const base = fileURLToPath(new URL('../../../tsconfig.base.json', import.meta.url));
  const { config } = ts.readConfigFile(base, (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, fileURLToPath(new URL('.', import.meta.url)));
  const strict = {
    ...options,
    composite: false,
    declaration: false,
    noEmit: true,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
    types: [],
  };
  const host = ts.createCompilerHost(strict);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2023) : getSourceFile(name, ...rest);
  const fileExists = host.fileExists.bind(host);
  host.fileExists = (name) => name === file || fileExists(name);
  const program = ts.createProgram([file], strict, host);
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('what the operations page claims of the server’s answers', function () {
  this.timeout(60_000);
  let document: OpenApiDocument;
  before(async () => {
    const server = await runServer();
    document = JSON.parse((await server.ask('GET', '/openapi.json')).text) as OpenApiDocument;
    await server.stop();
  });

  it('is what the server’s schemas let through', () => {
    expect(complaintsOf(contractOf(document, CLAIMS))).to.deep.equal([]);
  });

  it('would be missed if it were not', () => {
    const [complaint] = complaintsOf(contractOf(document, [['page.Page<page.Pickup>', 'get', '/v1/kiosks']]));
    expect(complaint).to.contain('is not assignable to type');
  });
});
