import * as z from 'zod/mini';

/** The part of JSON Schema that zod writes for our schemas. */
type Json = {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Json;
  readonly oneOf?: readonly Json[];
  readonly anyOf?: readonly Json[];
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Json | boolean;
};

/** The JSON schema of a zod schema, as it travels on the wire. */
export function jsonOf(schema: z.core.$ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' });
  return json as Json;
}

/** Names by the JSON text of what they name. */
export type Names = ReadonlyMap<string, string>;

const TYPE_WIDTH = 100;

function listText(parts: readonly string[], indent: string, [open, close]: readonly [string, string]): string {
  const flat = `${open} ${parts.join('; ')} ${close}`;
  if (flat.length <= TYPE_WIDTH && !flat.includes('\n')) return flat;
  return `${open}\n${parts.map((part) => `${indent}  ${part};`).join('\n')}\n${indent}${close}`;
}

function numberText({ minimum, maximum }: Json): string {
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? String(minimum) : '';
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? String(maximum) : '';
  return low === '' && high === '' ? 'int' : `int(${low}…${high})`;
}

function stringText({ pattern, maxLength }: Json): string {
  if (pattern !== undefined) return `/${pattern}/`;
  return maxLength === undefined ? 'string' : `string(≤ ${String(maxLength)})`;
}

function objectText(json: Json, names: Names, indent: string): string {
  const required = new Set(json.required ?? []);
  const fields = Object.entries(json.properties ?? {}).map(
    ([name, field]) => `${name}${required.has(name) ? '' : '?'}: ${typeText(field, names, `${indent}  `)}`,
  );
  if (fields.length > 0) return listText(fields, indent, ['{', '}']);
  const rest = json.additionalProperties;
  return typeof rest === 'object' ? `Record<string, ${typeText(rest, names, indent)}>` : '{}';
}

/** Alternatives stand on one line where they fit, else one a line. */
function choiceText(choices: readonly Json[], names: Names, indent: string): string {
  const flat = choices.map((choice) => typeText(choice, names, indent)).join(' | ');
  if (flat.length <= TYPE_WIDTH && !flat.includes('\n')) return flat;
  return choices.map((choice) => `\n${indent}  | ${typeText(choice, names, `${indent}    `)}`).join('');
}

function listOf(json: Json, names: Names, indent: string): string {
  const item = typeText(json.items ?? {}, names, indent);
  const limit = json.maxItems === undefined ? '' : `(≤ ${String(json.maxItems)})`;
  return `${/[|{ ]/.test(item) ? `(${item})` : item}[]${limit}`;
}

function plainText(json: Json, names: Names, indent: string): string {
  switch (json.type) {
    case 'object':
      return objectText(json, names, indent);
    case 'array':
      return listOf(json, names, indent);
    case 'integer':
      return numberText(json);
    case 'string':
      return stringText(json);
    default:
      return [json.type ?? 'unknown'].flat().join(' | ');
  }
}

/** Writes a schema as a type that people read. Sub-schemas that have a name are called by it. */
export function typeText(json: Json, names: Names, indent = ''): string {
  const named = names.get(JSON.stringify(json));
  if (named !== undefined) return named;
  if (json.const !== undefined) return JSON.stringify(json.const);
  if (json.enum) return json.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = json.oneOf ?? json.anyOf;
  return choices ? choiceText(choices, names, indent) : plainText(json, names, indent);
}
