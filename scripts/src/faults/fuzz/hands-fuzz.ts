import { faultRequestSchema } from '@tessera/hardware/cabinet/faults';
import type { CabinetView } from '@tessera/hardware/cabinet/dock/view';
import {
  cardSchema,
  doorSchema,
  emptySchema,
  goodsSchema,
  resetSchema,
  scanSchema,
} from '@tessera/hardware/cabinet/http/requests';
import * as fc from 'fast-check';
import type * as z from 'zod';
import { broken, drawingOf, junk, Samples, SchemaReader } from './from-schema.ts';
import type { Visit } from './visit.ts';

/** Whatever hands can do, where it is asked for, and what must be said. */
const acts: readonly (readonly [method: string, path: string, body: z.core.$ZodType])[] = [
  ['POST', '/scan', scanSchema],
  ['POST', '/card', cardSchema],
  ['POST', '/faults', faultRequestSchema],
  ['POST', '/faults', faultRequestSchema],
  ['POST', '/tray/pickup', emptySchema],
  ['POST', '/door', doorSchema],
  ['POST', '/slots/{slot}/goods', goodsSchema],
  ['POST', '/reset', resetSchema],
  ['POST', '/demo/members/{slot}/scan', emptySchema],
  ['GET', '/state', emptySchema],
  ['GET', '/metrics', emptySchema],
  ['GET', '/demo/members', emptySchema],
  ['PUT', '/state', emptySchema],
  ['DELETE', '/faults', emptySchema],
];

type Draft = {
  readonly body: unknown;
  readonly slot: unknown;
  readonly breaks: 'nothing' | 'body' | 'bytes' | 'type' | 'origin';
  readonly at: number;
  readonly by: unknown;
};

/** Asks at the cabinet's HTTP face. */
export class HandsFuzz {
  readonly #url: string;
  readonly #visit: Visit;
  readonly #drafts: readonly Samples<Draft>[];

  constructor(url: string, visit: Visit) {
    this.#url = url;
    this.#visit = visit;
    this.#drafts = acts.map(([, , body]) => {
      const schema = drawingOf(body);
      const draft = fc.record({
        body: new SchemaReader({}, new Set()).values(schema),
        slot: fc.oneof(fc.integer({ min: 0, max: 9 }), junk),
        breaks: fc.constantFrom('nothing', 'nothing', 'nothing', 'body', 'body', 'bytes', 'type', 'origin'),
        at: fc.nat({ max: 50 }),
        by: junk,
      });
      return new Samples(draft, visit.chance.next() | 0);
    });
  }

  /** One request, judged. */
  async ask(): Promise<void> {
    const { chance, findings, heard } = this.#visit;
    const which = chance.integer(acts.length);
    const [method, path] = acts[which] ?? ['GET', '/state'];
    const draft = this.#drafts[which]?.next();
    if (!draft) return;
    const place = path.replace('{slot}', Buffer.from(encodable(draft.slot)).toString() || '%20');
    const init = initOf(method, draft);
    const about = { method, place, ...init };
    const before = await this.#hands();
    const response = await fetch(this.#url + place, init).catch(() => undefined);
    const text = await response?.text();
    if (!response) {
      findings.add('no answer', about);
      return;
    }
    heard(`${method} ${path} ${String(response.status)}`);
    if (response.status >= 500) findings.add(`answered ${String(response.status)}`, { about, text });
    if (response.ok) return;
    findings.refusal(parsed(text), about);
    const after = await this.#hands();
    const isStill = before.goods !== undefined && after.goods !== undefined;
    if (before.set !== after.set || (isStill && before.goods !== after.goods))
      findings.add('a refused act changed the cabinet', { about, before, after });
  }

  /** What only hands change; what turns and falls goes on by itself, so goods are told only while nothing turns. */
  async #hands(): Promise<{ readonly set: string; readonly goods: string | undefined }> {
    const { slots, door, devices, beam } = (await (await fetch(`${this.#url}/state`)).json()) as CabinetView;
    const turning = slots.some(({ speed }) => speed !== 0);
    const faults = slots.map((slot) => slot.faults);
    return {
      set: JSON.stringify({ faults, door, devices, fault: beam.fault }),
      goods: turning ? undefined : slots.map(({ goods }) => goods).join(),
    };
  }
}

function initOf(method: string, { body, breaks, at, by }: Draft): RequestInit {
  const headers = {
    'content-type': breaks === 'type' ? 'text/plain' : 'application/json',
    ...(breaks === 'origin' ? { origin: 'https://elsewhere.example' } : {}),
  };
  if (method === 'GET') return { method, headers };
  const text = JSON.stringify(breaks === 'body' ? broken(body, at, by) : body);
  return { method, headers, body: breaks === 'bytes' ? text.slice(0, at) + '\u0000' : text };
}

/** A value as it may stand in an address. */
const encodable = (value: unknown): string =>
  encodeURIComponent(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString());

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return text;
  }
}
