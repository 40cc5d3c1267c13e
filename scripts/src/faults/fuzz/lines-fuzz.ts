import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { JsonLineDecoder } from '@tessera/hardware/wire/json-lines';
import * as fc from 'fast-check';
import * as z from 'zod';
import { broken, drawingOf, junk, Samples, SchemaReader } from './from-schema.ts';
import { Things } from './things.ts';
import type { Visit } from './visit.ts';

type Draft = {
  readonly message: unknown;
  readonly how: 'right' | 'broken' | 'bytes';
  readonly at: number;
  readonly by: unknown;
};
type Answer = Readonly<Record<string, unknown>>;

/** A Unix socket that takes lines of JSON. */
export type LinesDoor = {
  readonly name: string;
  readonly path: string;
  readonly hello: object;
  /** Numbers of lines that are there. */
  readonly lines: readonly number[];
  /** Is answered at once, so that whoever asked knows that all before it was read. */
  readonly last: object;
  readonly isLast: (answer: Answer) => boolean;
  readonly said: z.core.$ZodType;
  readonly heard: z.core.$ZodType;
};

const HELLO_CHANCE = 0.9;
const MOST_MESSAGES = 5;
const ANSWER_MS = 5_000;
const LOOK_MS = 1;
const HUGE = 200_000;

/** Speaks to such a socket, one connection a message. */
export class LinesFuzz {
  readonly #visit: Visit;
  readonly #door: LinesDoor;
  readonly #drafts: Samples<readonly Draft[]>;
  readonly #things = new Things();

  constructor(visit: Visit, door: LinesDoor) {
    this.#visit = visit;
    this.#door = door;
    const schema = drawingOf(door.said);
    const how = fc.constantFrom(
      'right' as const,
      'right' as const,
      'right' as const,
      'broken' as const,
      'bytes' as const,
    );
    const message = new SchemaReader({}, new Set(['line'])).values(schema);
    const draft = fc.record({ message, how, at: fc.nat({ max: 50 }), by: junk });
    this.#drafts = new Samples(fc.array(draft, { minLength: 1, maxLength: MOST_MESSAGES }), visit.chance.next() | 0);
    for (const line of door.lines) this.#things.add('line', line);
  }

  /** One connection from its hello to its end, judged. */
  async ask(): Promise<void> {
    const { hello, last, path, name, isLast } = this.#door;
    const { chance, findings } = this.#visit;
    const drafts = this.#drafts.next();
    const greeting = chance.happens(HELLO_CHANCE) ? [lineOf(hello)] : [];
    const sent = Buffer.concat([...greeting, ...drafts.map((draft) => this.#bytesOf(draft)), lineOf(last)]);
    const about = { door: name, sent: sent.subarray(0, 1_000).toString('latin1') };
    const { answers, answered } = await converse(path, sent, isLast);
    if (!answered) findings.add('no answer', about);
    for (const answer of answers) this.#judge(answer, about);
  }

  #judge(answer: Answer, about: object): void {
    const { name, heard } = this.#door;
    const { findings } = this.#visit;
    const problem = answer['problem'] as { readonly code?: unknown } | undefined;
    this.#visit.heard(`${name} ${String(problem?.code ?? answer['code'] ?? answer['type'])}`);
    if (!z.core.safeParse(heard, answer).success) findings.add('an answer beside its schema', { answer, about });
    if (problem !== undefined) findings.refusal(problem, about);
  }

  #bytesOf({ message, how, at, by }: Draft): Buffer {
    const line = lineOf(this.#things.fill(how === 'broken' ? broken(message, at, by) : message));
    if (how !== 'bytes') return line;
    const noise = Buffer.from(this.#visit.chance.bytes(at));
    if (at % 10 === 0) return Buffer.concat([Buffer.alloc(HUGE, 'x'), line]);
    return at % 2 === 0
      ? Buffer.concat([line.subarray(0, at), noise, Buffer.from('\n')])
      : Buffer.concat([noise, line]);
  }
}

const lineOf = (message: unknown): Buffer => Buffer.from(`${JSON.stringify(message)}\n`);

/** Says everything at once, and hears the far end out: to its answer to the last, or to the end that it makes. */
async function converse(
  path: string,
  sent: Buffer,
  isLast: (answer: Answer) => boolean,
): Promise<{ answers: readonly Answer[]; answered: boolean }> {
  const answers: Answer[] = [];
  const decoder = new JsonLineDecoder();
  const socket: Socket = connect(path);
  const far = { ended: false };
  socket.on('data', (bytes: Buffer) => {
    for (const read of decoder.push(bytes)) if (read.kind === 'value') answers.push(read.value as Answer);
  });
  socket.on('error', () => (far.ended = true));
  socket.on('close', () => (far.ended = true));
  socket.write(sent);
  const end = performance.now() + ANSWER_MS;
  while (!far.ended && !answers.some(isLast) && performance.now() < end) await sleep(LOOK_MS);
  const answered = far.ended || answers.some(isLast);
  socket.destroy();
  return { answers, answered };
}
