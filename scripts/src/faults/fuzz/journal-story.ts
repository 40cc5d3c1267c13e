import { Journal, type JournalDependencies } from '@tessera/kiosk-daemon/journal/journal';
import { JOURNAL_FILE } from '@tessera/kiosk-daemon/journal/open';
import type { Disk } from '@tessera/kiosk-daemon/platform/disk';
import { newUlid } from '@tessera/shared/ids/ulid';
import { vendEvents, type VendState } from '@tessera/shared/redemption/vend';
import { LossyDisk } from '../../simulate/lossy-disk.ts';
import type { SeededChance } from '../../simulate/seeded-chance.ts';

const START_MS = 1_795_000_000_000;
const STEPS = 40;
const IDS = 4;

export const newDisk = (chance: SeededChance): Disk => new LossyDisk(chance.fork()).mount(() => true);

export async function putFile(disk: Disk, name: string, bytes: Uint8Array): Promise<void> {
  const file = await disk.open(name, 'fresh');
  await file.append(bytes);
  await file.sync();
}

export const journalDependencies = (disk: Disk, chance: SeededChance): JournalDependencies => ({
  disk,
  clock: { nowMs: () => START_MS, monotonicMs: () => 0 },
  chance,
  log: () => undefined,
  hit: () => undefined,
  fatal: (error) => {
    throw error;
  },
  // Always worth a compaction, so that this is tried as well.
  compactAboveBytes: 1,
});

/** A journal that a kiosk may have written. */
export type Story = {
  readonly bytes: Buffer;
  /** Where each record ends. */
  readonly ends: readonly number[];
  readonly heads: ReadonlySet<string>;
  readonly ids: readonly string[];
  /** Every state that each redemption ever had. */
  readonly states: ReadonlyMap<string, ReadonlySet<VendState>>;
};

/** Lets a journal live through some redemptions, in whatever order the vend machine allows. */
export async function writeStory(chance: SeededChance): Promise<Story> {
  const disk = newDisk(chance);
  const opened = await Journal.open(journalDependencies(disk, chance));
  if (!opened.ok) throw new Error(`A new journal was damaged: ${opened.error.why}`);
  const journal = opened.value;
  const ids = Array.from({ length: IDS }, () => newUlid({ nowMs: () => START_MS }, chance));
  const states = new Map(ids.map((id) => [id, new Set<VendState>(['none'])] as const));
  const ends = [journal.bytes];
  const heads = new Set([journal.head.hash]);
  for (let step = 0; step < STEPS; step += 1) {
    const id = chance.pick(ids);
    // Most steps are refused where the redemption stands: those write nothing.
    if (!(await act(journal, id, chance)) || journal.bytes === ends.at(-1)) continue;
    states.get(id)?.add(journal.book.stateOf(id));
    ends.push(journal.bytes);
    heads.add(journal.head.hash);
  }
  await journal.close();
  const bytes = Buffer.from((await disk.read(JOURNAL_FILE)) ?? []);
  return { bytes, ends, heads, ids, states };
}

async function act(journal: Journal, id: string, chance: SeededChance): Promise<boolean> {
  if (chance.happens(0.05)) {
    await journal.noteUsed([id.replace(/.$/, '0')]);
    return true;
  }
  const event = chance.pick(vendEvents);
  const via = event === 'accept_code' ? ('pickup' as const) : ('walk_up' as const);
  const isFirst = event === 'request' || event === 'accept_code';
  const order = { via, slot: 1 + chance.integer(8), rewardId: id, price: chance.integer(500) };
  const grant = event === 'authorise' ? { grant: `g-${id}` } : {};
  return (await journal.step(id, event, isFirst ? { order } : grant)).ok;
}
