import * as fc from 'fast-check';
import * as z from 'zod';

/** JSON Schema as our documents and zod draw it. */
export type Drawn = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Drawn[];
  readonly oneOf?: readonly Drawn[];
  readonly allOf?: readonly Drawn[];
  readonly properties?: Readonly<Record<string, Drawn>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Drawn;
  readonly items?: Drawn;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
};

/** What zod allows, as a drawing. */
export const drawingOf = (schema: z.core.$ZodType): Drawn =>
  z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as Drawn;

/** Stands for something that exists: which one is decided when the message is sent. */
export class Known {
  readonly kind: string;
  readonly at: number;

  constructor(kind: string, at: number) {
    this.kind = kind;
    this.at = at;
  }
}

/** Values that have broken programs before. */
const nasty: readonly unknown[] = [
  null,
  true,
  '',
  ' ',
  '0',
  '\u0000',
  '\ud800',
  '\u202e',
  '__proto__',
  'constructor',
  "'; drop table members; --",
  '<script>1</script>',
  '../../etc/passwd',
  '🎁'.repeat(40),
  'x'.repeat(4_000),
  -1,
  0,
  0.5,
  1e308,
  -0,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  [],
  {},
  [[[[[[]]]]]],
];
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...nasty) },
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.integer(),
);

const MOST_ITEMS = 4;
const MOST_LETTERS = 80;
const DEEPEST = 6;

/** Draws values that a schema allows, with what is known to exist under the names that `kinds` lists. */
export class SchemaReader {
  readonly #components: Readonly<Record<string, Drawn>>;
  readonly #kinds: ReadonlySet<string>;

  constructor(components: Readonly<Record<string, Drawn>>, kinds: ReadonlySet<string>) {
    this.#components = components;
    this.#kinds = kinds;
  }

  values(schema: Drawn, name = '', depth = 0): fc.Arbitrary<unknown> {
    const plain = this.#plain(schema, depth);
    if (!this.#kinds.has(name)) return plain;
    const known = fc.nat({ max: 999 }).map((at) => new Known(name, at));
    return fc.oneof({ weight: 8, arbitrary: known }, { weight: 1, arbitrary: plain });
  }

  #plain(schema: Drawn, depth: number): fc.Arbitrary<unknown> {
    if (depth > DEEPEST) return junk;
    if (schema.$ref !== undefined) {
      return this.values(this.#components[schema.$ref.split('/').at(-1) ?? ''] ?? {}, '', depth + 1);
    }
    if ('const' in schema) return fc.constant(schema.const);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    const [first, ...others] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
    if (first) return fc.oneof(...[first, ...others].map((each) => this.values(each, '', depth + 1)));
    return this.#typed(schema, depth);
  }

  #typed(schema: Drawn, depth: number): fc.Arbitrary<unknown> {
    const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
    switch (type) {
      case 'object':
        return this.#objects(schema, depth);
      case 'array':
        return fc.array(this.values(schema.items ?? {}, '', depth + 1), {
          minLength: Math.min(schema.minItems ?? 0, MOST_ITEMS),
          maxLength: Math.min(schema.maxItems ?? MOST_ITEMS, MOST_ITEMS),
        });
      case 'string':
        return texts(schema);
      case 'integer':
      case 'number':
        return numbers(schema);
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      default:
        return junk;
    }
  }

  #objects({ properties = {}, required = [] }: Drawn, depth: number): fc.Arbitrary<unknown> {
    const parts = Object.entries(properties).map(
      ([name, schema]) => [name, this.values(schema, name, depth + 1)] as const,
    );
    return fc.record(Object.fromEntries(parts), {
      requiredKeys: required.filter((name) => name in properties),
      noNullPrototype: true,
    });
  }
}

function texts({ pattern, format, minLength = 0, maxLength = MOST_LETTERS }: Drawn): fc.Arbitrary<unknown> {
  if (format === 'email') return fc.emailAddress();
  // fast-check does not know every Unicode class; what those allow is nearly everything.
  if (pattern !== undefined && !pattern.includes('\\p{'))
    return fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' });
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, MOST_LETTERS)) });
}

function numbers({ minimum = -1_000_000, maximum = 1_000_000 }: Drawn): fc.Arbitrary<unknown> {
  const [min, max] = [Math.ceil(minimum), Math.floor(maximum)];
  const small = fc.integer({ min, max: Math.min(max, Math.max(min, 0) + 10) });
  return fc.oneof(
    { weight: 3, arbitrary: small },
    fc.maxSafeInteger().map((each) => clamp(each, min, max)),
  );
}

const clamp = (value: number, min: number, max: number): number => Math.max(min, Math.min(max, value));

/** Replaces one node of a value, or gives it a companion that nobody knows. */
export function broken(value: unknown, at: number, by: unknown): unknown {
  const places = nodesOf(value);
  const place = places[at % places.length] ?? [];
  return replaced(value, place, by);
}

type Path = readonly string[];

function nodesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || value instanceof Known) return [path];
  return [
    path,
    [...path, 'unheardOf'],
    ...Object.entries(value).flatMap(([name, part]) => nodesOf(part, [...path, name])),
  ];
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  if (Array.isArray(value))
    return value.map((part, index) => (String(index) === name ? replaced(part, rest, by) : (part as unknown)));
  const record = value as Readonly<Record<string, unknown>>;
  return { ...record, [name]: replaced(record[name], rest, by) };
}

/** A long run of samples from one seed, made a few at a time. */
export class Samples<T> {
  readonly #from: fc.Arbitrary<T>;
  #seed: number;
  #waiting: T[] = [];

  constructor(from: fc.Arbitrary<T>, seed: number) {
    this.#from = from;
    this.#seed = seed;
  }

  next(): T {
    if (this.#waiting.length === 0) {
      this.#seed = (this.#seed + 1) | 0;
      this.#waiting = fc.sample(this.#from, { seed: this.#seed, numRuns: 25 });
    }
    const sample = this.#waiting.pop();
    if (sample === undefined) throw new Error('There is always a sample.');
    return sample;
  }
}
