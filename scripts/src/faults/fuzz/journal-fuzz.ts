import { Journal } from '@tessera/kiosk-daemon/journal/journal';
import { JOURNAL_FILE } from '@tessera/kiosk-daemon/journal/open';
import { recordSchema } from '@tessera/kiosk-daemon/journal/records';
import type { Disk } from '@tessera/kiosk-daemon/platform/disk';
import { advance } from '@tessera/shared/machine';
import { vend, vendEvents, type VendState } from '@tessera/shared/redemption/vend';
import * as fc from 'fast-check';
import { broken, drawingOf, junk, Samples, SchemaReader } from './from-schema.ts';
import { damages, framesOf, sealed } from './journal-damage.ts';
import { journalDependencies, newDisk, putFile, writeStory, type Story } from './journal-story.ts';
import { Things } from './things.ts';
import type { Visit } from './visit.ts';

const SEALED_CHANCE = 0.4;
const BREAK_CHANCE = 0.2;
const MOST_SEALED = 8;
const NEW_STORY_EVERY = 40;

type Draft = { readonly record: unknown; readonly at: number; readonly by: unknown };

/** Journals that were written by a kiosk and then spoilt, and records that no kiosk would write. */
export class JournalFuzz {
  readonly #visit: Visit;
  readonly #drafts: Samples<Draft>;
  #story: Story | undefined;
  #asked = 0;

  constructor(visit: Visit) {
    this.#visit = visit;
    const schema = drawingOf(recordSchema);
    const record = new SchemaReader({}, new Set(['id'])).values(schema);
    this.#drafts = new Samples(fc.record({ record, at: fc.nat({ max: 50 }), by: junk }), visit.chance.next() | 0);
  }

  /** One start on one file, judged. */
  async ask(): Promise<void> {
    const { chance, findings } = this.#visit;
    if (this.#asked % NEW_STORY_EVERY === 0) this.#story = undefined;
    this.#asked += 1;
    const story = (this.#story ??= await writeStory(chance));
    const kind = chance.happens(SEALED_CHANCE) ? 'sealed' : chance.pick(Object.keys(damages));
    const bytes = damages[kind]?.(story, chance) ?? this.#seal(story);
    const about = { kind, bytes: bytes.toString('latin1') };
    try {
      await this.#start(story, kind, bytes, about);
    } catch (error) {
      findings.add('a journal brought the daemon down', { error: String(error), about });
    }
  }

  async #start(story: Story, kind: string, bytes: Buffer, about: object): Promise<void> {
    const { chance, findings } = this.#visit;
    const disk = newDisk(chance);
    await putFile(disk, JOURNAL_FILE, bytes);
    const opened = await Journal.open(journalDependencies(disk, chance));
    this.#visit.heard(`journal ${kind} ${opened.ok ? 'read' : opened.error.why}`);
    if (!opened.ok) {
      const kept = await disk.read(JOURNAL_FILE);
      if (!kept || !bytes.equals(kept)) findings.add('a damaged journal was changed', about);
      return;
    }
    if (kind !== 'sealed') believesOnly(opened.value, story, () => findings.add('read what was never written', about));
    if (kind !== 'sealed' && isHoled(bytes, story)) findings.add('a hole in the journal was passed over', about);
    if (kind === 'nothing' && opened.value.head.hash !== [...story.heads].at(-1))
      findings.add('a whole journal was not read to its end', about);
    await goOn(opened.value, disk, this.#visit, about);
  }

  /** Records with right checks: some as the vend machine would have them, some broken. */
  #seal(story: Story): Buffer {
    const { chance } = this.#visit;
    const things = new Things();
    for (const id of story.ids) things.add('id', id);
    // A file without its base record is refused at once: mostly one stands there.
    const kept = chance.happens(0.1) ? 0 : 1 + chance.integer(3);
    const states = new Map<unknown, VendState>();
    const records = Array.from({ length: 1 + chance.integer(MOST_SEALED) }, () => {
      // Most records of a journal are steps of a redemption.
      const drafts = [this.#drafts.next(), this.#drafts.next(), this.#drafts.next(), this.#drafts.next()] as const;
      const { record, at, by } = drafts.find((each) => isStep(each.record)) ?? drafts[0];
      return chance.happens(BREAK_CHANCE)
        ? things.fill(broken(record, at, by))
        : plausible(things.fill(record), states, chance.pick(vendEvents));
    });
    return sealed(story, kept, records);
  }
}

const isStep = (record: unknown): record is { readonly id: unknown; readonly event: unknown } =>
  typeof record === 'object' && record !== null && 'id' in record && 'event' in record;

/** A vend record goes where the machine goes from there. */
function plausible(record: unknown, states: Map<unknown, VendState>, event: (typeof vendEvents)[number]): unknown {
  if (!isStep(record)) return record;
  const allowed = [event, ...vendEvents].flatMap((each) => {
    const step = advance(vend, states.get(record.id) ?? 'none', each);
    return step.ok ? [{ event: each, to: step.value.to }] : [];
  });
  const [step] = allowed;
  if (!step) return record;
  states.set(record.id, step.to);
  return { ...record, ...step };
}

/** Every redemption stands where it once stood; a lost record may have been `vending`. */
function believesOnly({ book }: Journal, { states }: Story, tell: () => void): void {
  for (const [id, { state }] of book.open) if (state !== 'vending' && !states.get(id)?.has(state)) tell();
}

/** Something is missing or spoilt, and what a kiosk wrote after it is still there. */
function isHoled(bytes: Buffer, story: Story): boolean {
  const frames = framesOf(story);
  let end = 0;
  const spoilt = frames.findIndex((frame) => {
    const isThere = bytes.subarray(end, end + frame.length).equals(frame);
    if (isThere) end += frame.length;
    return !isThere;
  });
  return spoilt >= 0 && frames.slice(spoilt + 1).some((frame) => bytes.includes(frame, end));
}

/** What was opened works: it is read for grants, goes on, is compacted, and opens again where it stood. */
async function goOn(journal: Journal, disk: Disk, { chance, findings }: Visit, about: object): Promise<void> {
  await journal.grants();
  for (const id of [...journal.book.open.keys()]) {
    const step = await journal.step(id, 'restart');
    if (!step.ok) findings.add(`no restart after it: ${step.error}`, about);
  }
  await journal.compactWhenIdle();
  const { head } = journal;
  await journal.close();
  const again = await Journal.open(journalDependencies(disk, chance));
  if (!again.ok) findings.add(`opened once, and not again: ${again.error.why}`, about);
  else if (again.value.head.hash !== head.hash || again.value.head.epoch !== head.epoch)
    findings.add('opened twice, and elsewhere', about);
}
