import { escape } from './html.ts';
import type { OpenApiDocument } from './document.ts';

interface Part {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Part>>;
  readonly required?: readonly string[];
  readonly items?: Part;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Part[];
  readonly oneOf?: readonly Part[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

/** A schema in a few words: `integer, 1 to 200`, `array of Card`, `"zh" | "en"`. */
function inWords(part: Part): string {
  if (part.$ref !== undefined) return nameOf(part.$ref);
  const choices = part.anyOf ?? part.oneOf;
  if (choices) return [...new Set(choices.map(inWords))].join(' | ');
  if (part.const !== undefined) return JSON.stringify(part.const);
  if (part.enum) return part.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (part.items) return `array of ${inWords(part.items)}`;
  if (part.properties) return `{ ${Object.keys(part.properties).join(', ')} }`;
  return [typeof part.type === 'string' ? part.type : (part.type ?? ['any']).join(' | '), boundsOf(part)]
    .filter((text) => text !== '')
    .join(', ');
}

function boundsOf(part: Part): string {
  const { minimum, maximum = Number.MAX_SAFE_INTEGER, minLength, maxLength } = part;
  const top = maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) {
    return top === undefined ? `from ${String(minimum)}` : `${String(minimum)} to ${String(top)}`;
  }
  if (maxLength !== undefined) return `${String(minLength ?? 0)} to ${String(maxLength)} characters`;
  return '';
}

function rowOf(name: string, part: Part, required: boolean): string {
  const must = required ? ' <span class="must">required</span>' : '';
  const given = part.default === undefined ? '' : ` Default <code>${escape(JSON.stringify(part.default))}</code>.`;
  const said = part.description === undefined ? '' : ` ${escape(part.description)}`;
  return `<tr><td><code>${escape(name)}</code>${must}</td><td><span class="type">${escape(inWords(part))}</span>${said}${given}</td></tr>`;
}

/** The fields of an object as a table; a choice of objects as one table each. `marked`: say which fields must be sent. */
export function schemaTable(schema: unknown, document: OpenApiDocument, marked: boolean): string {
  const part = schema as Part;
  const { schemas } = document.components;
  if (part.$ref !== undefined) return schemaTable(schemas[nameOf(part.$ref)] ?? {}, document, marked);
  const choices = part.anyOf ?? part.oneOf;
  if (choices && !part.properties)
    return choices.map((choice) => schemaTable(choice, document, marked)).join('<p>or</p>');
  if (!part.properties) return `<p class="type">${escape(inWords(part))}</p>`;
  const required = new Set(marked ? part.required : []);
  const rows = Object.entries(part.properties).map(([name, field]) => rowOf(name, field, required.has(name)));
  return `<div class="scroll"><table>${rows.join('')}</table></div>`;
}
