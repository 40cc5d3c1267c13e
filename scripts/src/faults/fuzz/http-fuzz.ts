import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import type { SeededChance } from '../../simulate/seeded-chance.ts';
import type { BookDigest } from './digest.ts';
import type { Findings } from './findings.ts';
import { broken, junk, Samples, SchemaReader, type Drawn } from './from-schema.ts';
import type { Role, Stage } from './stage.ts';
import { Things } from './things.ts';

type Operation = {
  readonly 'x-roles': readonly string[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Drawn;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Drawn }>> };
  readonly responses: Readonly<Record<string, unknown>>;
};
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Drawn>> };
};

/** One request before it is filled with what exists. */
type Draft = {
  readonly path: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly broken: 'nothing' | 'path' | 'query' | 'body' | 'bytes' | 'key' | 'type';
  readonly at: number;
  readonly by: unknown;
};
type Door = {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly drafts: Samples<Draft>;
};

/** Doors that would take the stage away from the run: the kiosk's key, the tokens. */
const spared = [/^\/v1\/kiosks\/\{kioskId\}\/(revocation|enrolment-codes)$/, /sessions/, /^\/v1\/kiosk-enrolments$/];

/** Mostly whoever gets furthest. */
const roles: readonly Role[] = [
  ...Array.from({ length: 8 }, () => 'admin' as const),
  'terminal',
  'terminal',
  'terminal',
  'public',
  'nonsense',
];
const REPEAT_CHANCE = 0.15;

/** Asks at every door of the HTTP interface, as its own document draws them. */
export class HttpFuzz {
  readonly #url: string;
  readonly #stage: Stage;
  readonly #chance: SeededChance;
  readonly #findings: Findings;
  readonly #digest: BookDigest;
  readonly #doors: readonly Door[];
  readonly answered = new Map<number, number>();

  private constructor(
    parts: { url: string; stage: Stage; chance: SeededChance; findings: Findings; digest: BookDigest },
    doors: readonly Door[],
  ) {
    this.#url = parts.url;
    this.#stage = parts.stage;
    this.#chance = parts.chance;
    this.#findings = parts.findings;
    this.#digest = parts.digest;
    this.#doors = doors;
  }

  static async open(parts: {
    url: string;
    stage: Stage;
    chance: SeededChance;
    findings: Findings;
    digest: BookDigest;
  }): Promise<HttpFuzz> {
    const response = await fetch(`${parts.url}/openapi.json`);
    const { paths, components } = (await response.json()) as Document;
    const reader = new SchemaReader(components.schemas, Things.kinds);
    const doors = Object.entries(paths)
      .filter(([path]) => !spared.some((one) => one.test(path)))
      .flatMap(([path, operations]) =>
        Object.entries(operations).map(([method, operation]) => {
          const drafts = new Samples(draftsOf(operation, reader), parts.chance.next() | 0);
          return { method: method.toUpperCase(), path, operation, drafts };
        }),
      );
    return new HttpFuzz(parts, doors);
  }

  /** One request at one door, judged. */
  async ask(): Promise<void> {
    const door = this.#chance.pick(this.#doors);
    const role = this.#chance.pick(roles);
    const request = requestOf(door, this.#stage, role, this.#chance);
    const about = { role, method: door.method, ...request };
    const answer = await this.#send(door.method, request);
    if (answer === undefined) {
      this.#findings.add('no answer', about);
      return;
    }
    await this.#judge(door, role, about, answer);
    const repeats = answer.status < 500 && request.headers['idempotency-key'] !== undefined;
    if (repeats && answer.status < 300 && this.#chance.happens(REPEAT_CHANCE))
      await this.#repeat(door.method, request, answer);
  }

  async #judge(door: Door, role: Role, about: object, { status, text, json }: Heard): Promise<void> {
    const { operation } = door;
    const findings = this.#findings;
    this.answered.set(status, (this.answered.get(status) ?? 0) + 1);
    const fine = status < 300;
    if (!fine) findings.refusal(json, about);
    if (status >= 500 && !(status === 503 && codeOf(json) === 'overloaded'))
      findings.add(`answered ${String(status)}`, { about, text });
    const mayEnter = operation['x-roles'].includes('public') || operation['x-roles'].includes(role);
    if (fine && !mayEnter) findings.add('let in whom it should not', about);
    if (!(String(status) in operation.responses) && status !== 405 && status !== 429)
      findings.add(`answered ${String(status)}, which its document does not name`, { about, text });
    findings.leaks(text, this.#stage, role === 'admin', about);
    if (fine) this.#stage.things.learn(json);
    await findings.unchanged(this.#digest, fine && door.method !== 'GET', about);
  }

  /** The same request under the same key has the same answer and no second effect. */
  async #repeat(method: string, request: Request, first: Heard): Promise<void> {
    const again = await this.#send(method, request);
    const about = { method, ...request };
    if (again === undefined || again.status >= 500 || again.status === 429) return;
    if (again.text !== first.text)
      this.#findings.add('a repeat was answered differently', { about, first: first.text, again: again.text });
    await this.#findings.unchanged(this.#digest, false, about);
  }

  async #send(method: string, { url, headers, body }: Request): Promise<Heard | undefined> {
    try {
      const response = await fetch(this.#url + url, { method, headers, ...(body === undefined ? {} : { body }) });
      const text = await response.text();
      const isJson = (response.headers.get('content-type') ?? '').includes('json');
      return { status: response.status, text, json: isJson ? (JSON.parse(text) as unknown) : undefined };
    } catch {
      return undefined;
    }
  }
}

type Request = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};
type Heard = { readonly status: number; readonly text: string; readonly json: unknown };

const codeOf = (json: unknown): unknown =>
  typeof json === 'object' && json !== null && 'code' in json ? json.code : undefined;

function draftsOf({ parameters, requestBody }: Operation, reader: SchemaReader): fc.Arbitrary<Draft> {
  const place = (where: string): fc.Arbitrary<unknown> => {
    const here = parameters.filter((each) => each.in === where);
    const properties = Object.fromEntries(here.map(({ name, schema }) => [name, schema]));
    return reader.values({
      type: 'object',
      properties,
      required: here.filter((each) => each.required).map(({ name }) => name),
    });
  };
  const [content] = Object.values(requestBody?.content ?? {});
  return fc.record({
    path: place('path'),
    query: place('query'),
    body: content ? reader.values(content.schema) : fc.constant(undefined),
    broken: fc.oneof(
      { weight: 8, arbitrary: fc.constant('nothing' as const) },
      { weight: 3, arbitrary: fc.constantFrom('body' as const, 'path' as const, 'query' as const) },
      { weight: 1, arbitrary: fc.constantFrom('bytes' as const, 'key' as const, 'type' as const) },
    ),
    at: fc.nat({ max: 50 }),
    by: junk,
  });
}

/** A value as it may stand in an address. */
const inAddress = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // What UTF-8 cannot say never reaches a server.
  return encodeURIComponent(Buffer.from(text).toString());
};

const recordOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [['', value]];

function requestOf(
  { path, method, drafts }: Door,
  { things, tokens }: Stage,
  role: Role,
  chance: SeededChance,
): Request {
  const draft = drafts.next();
  const part = (where: 'path' | 'query' | 'body'): unknown =>
    things.fill(draft.broken === where ? broken(draft[where], draft.at, draft.by) : draft[where]);
  const places = Object.fromEntries(recordOf(part('path')));
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => inAddress(places[name] ?? draft.by) || '%20');
  const query = recordOf(part('query')).map(([name, value]) => `${inAddress(name)}=${inAddress(value)}`);
  const body = draft.body === undefined ? undefined : JSON.stringify(part('body'));
  const token = tokens[role];
  const type =
    draft.broken === 'type' ? chance.pick(['text/plain', 'application/xml', 'image/png', '']) : 'application/json';
  const key = draft.broken === 'key' ? chance.pick(['', 'short', 'with spaces in it', 'x'.repeat(500)]) : randomUUID();
  return {
    url: query.length > 0 ? `${address}?${query.join('&')}` : address,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(method === 'GET' ? {} : { 'idempotency-key': key }),
      ...(body === undefined ? {} : { 'content-type': type }),
    },
    body: body !== undefined && draft.broken === 'bytes' ? body.slice(0, draft.at) : body,
  };
}
