import { isDeepStrictEqual } from 'node:util';
import { readDeviceKey } from '@tessera/kiosk-daemon/enrolment/device-key';
import type { StoreDependencies } from '@tessera/kiosk-daemon/store/json-store';
import { configSchema, kioskSchema, openConfigStore, openKioskStore } from '@tessera/kiosk-daemon/store/stores';
import * as fc from 'fast-check';
import { broken, drawingOf, junk, Samples, SchemaReader } from './from-schema.ts';
import { newDisk, putFile } from './journal-story.ts';
import type { Visit } from './visit.ts';

type Draft = { readonly value: unknown; readonly at: number; readonly by: unknown };
type Spoil = (draft: Draft) => Buffer;

const DEEP = 100_000;
const HUGE = 2_000_000;

const parsed = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
};
const textOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** What may stand in a file that should hold JSON of a known shape. */
const spoils: Readonly<Record<string, Spoil>> = {
  right: ({ value }) => textOf(value),
  wrong: ({ value, at, by }) => textOf(broken(value, at, by)),
  other: ({ by }) => textOf(by),
  cut: ({ value, at }) => textOf(value).subarray(0, at * 3),
  twice: ({ value }) => Buffer.concat([textOf(value), textOf(value)]),
  marked: ({ value }) => Buffer.concat([Buffer.from('\ufeff'), textOf(value)]),
  latin: ({ value, at }) => Buffer.concat([textOf(value).subarray(0, at), Buffer.of(0xff, 0xfe, 0x00)]),
  zeros: ({ at }) => Buffer.alloc(at * 10),
  deep: () => Buffer.from('['.repeat(DEEP) + ']'.repeat(DEEP)),
  huge: ({ value }) => textOf({ ...Object(value), more: 'x'.repeat(HUGE) }),
};

const stores = [
  { name: 'kiosk.json', schema: kioskSchema, open: openKioskStore },
  { name: 'config.json', schema: configSchema, open: openConfigStore },
] as const;
const KEY_FILE = 'device.key';

/** The small JSON files of a kiosk, and its key. */
export class StoreFuzz {
  readonly #visit: Visit;
  readonly #drafts: readonly Samples<Draft>[];

  constructor(visit: Visit) {
    this.#visit = visit;
    this.#drafts = stores.map(({ schema }) => {
      const drawn = drawingOf(schema);
      const value = new SchemaReader({}, new Set()).values(drawn);
      return new Samples(fc.record({ value, at: fc.nat({ max: 50 }), by: junk }), visit.chance.next() | 0);
    });
  }

  /** One start on one file, judged. */
  async ask(): Promise<void> {
    const { chance, findings } = this.#visit;
    const at = chance.integer(stores.length);
    const [store, drafts] = [stores[at], this.#drafts[at]];
    if (!store || !drafts) return;
    const kind = chance.pick(Object.keys(spoils));
    const bytes = spoils[kind]?.(drafts.next()) ?? Buffer.alloc(0);
    const about = { file: store.name, kind, bytes: bytes.subarray(0, 1_000).toString('latin1') };
    try {
      await this.#start(store, kind, bytes, about);
    } catch (error) {
      findings.add('a file brought the daemon down', { error: String(error), about });
    }
  }

  async #start(
    { name, schema, open }: (typeof stores)[number],
    kind: string,
    bytes: Buffer,
    about: object,
  ): Promise<void> {
    const { chance, findings } = this.#visit;
    const disk = newDisk(chance);
    const logged: string[] = [];
    const dependencies: StoreDependencies = {
      disk,
      log: (event) => logged.push(event),
      hit: () => undefined,
      fatal: (error) => findings.add('a file ended the daemon', { error: String(error), about }),
    };
    await putFile(disk, name, bytes);
    await putFile(disk, KEY_FILE, bytes.subarray(0, 44));
    await readDeviceKey(disk);
    const fresh = await open({ ...dependencies, disk: newDisk(chance) });
    const store = await open(dependencies);
    const refused = logged.includes('store_damaged');
    this.#visit.heard(`store ${kind} ${refused ? 'put aside' : 'read'}`);
    const right = schema.safeParse(parsed(bytes));
    if (right.success === refused) findings.add(refused ? 'a right file was refused' : 'wrong types were taken', about);
    const due = right.success ? right.data : fresh.data;
    if (!isDeepStrictEqual(store.data, due)) findings.add('something else than the file was read', about);
    if (refused && (await disk.read(`${name}.damaged`)) === undefined) findings.add('a refused file was lost', about);
    await store.save();
    if (!isDeepStrictEqual((await open(dependencies)).data, store.data))
      findings.add('what was saved was not read', about);
  }
}
