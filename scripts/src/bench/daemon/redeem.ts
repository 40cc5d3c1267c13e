import { fileURLToPath } from 'node:url';
import type { ScreenName } from '@tessera/shared/protocol/ui';
import { guardChild, kioskDirOf, linkChild, SMALL_HEAP } from '../../start/children.ts';
import { enrich } from '../../harness/enrich.ts';
import { signIn } from '../../harness/errand.ts';
import { memoryOf, type Memory } from '../../harness/processes.ts';
import type { World } from '../../harness/world.ts';

/** What the daemon had in memory once it had handed out so many gifts. */
export type Sample = Memory & { readonly redemptions: number };

const CAPACITY = 100;
const LOW_STOCK = 20;
const LOOK_EVERY = 15;
const GIFTS_A_SESSION = 5;
/** A purchase of the harness may give no more points than one real sale. */
const POINTS = 1_000_000;
const ENRICH_EVERY = 1_000;
const DEAREST = 900;
const END_MS = 30_000;
const SIGN_INS = 5;
/** Where a confirmed gift ends that was not handed out. */
const NOTHING: ReadonlySet<ScreenName> = new Set(['failed', 'in_doubt', 'choose', 'identify']);

/** Takes the real daemon, guard and line out of service and puts the fast one in their place, on the same folder and port. */
export async function startFastDaemon({ supervisor, layout, kiosk }: World, speed: number): Promise<void> {
  for (const name of ['daemon', 'guard', 'link']) await supervisor.halt(name, 'SIGTERM');
  const flags = {
    data: kioskDirOf(layout, kiosk.id),
    port: String(layout.ports.kiosk),
    ui: `${layout.root}/kiosk/ui/dist`,
    server: layout.urls.server,
    wiring: layout.wiringFile,
    scanner: `${layout.ttyDir}/scanner`,
    reader: `${layout.ttyDir}/reader`,
    speed: String(speed),
  };
  const entry = fileURLToPath(new URL('./fast/main.js', import.meta.url));
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
  supervisor.start({ name: 'daemon', args: [...SMALL_HEAP, entry, ...args] });
}

/** Puts the real guard and line back, for the real daemon to find. */
export async function endFastDaemon({ supervisor, layout }: World): Promise<void> {
  await supervisor.halt('daemon', 'SIGTERM');
  supervisor.start(linkChild(layout));
  supervisor.start(guardChild(layout));
}

/** Keeps the books as full as the machine, which fills itself. */
async function refill({ books, kiosk }: World): Promise<void> {
  for (const { slot, onHand } of await books.slots(kiosk.id)) {
    if (onHand < LOW_STOCK) await books.load(kiosk.id, slot, CAPACITY - onHand);
  }
}

/** Signs in; a server that does not answer in time on a busy computer is asked again, as people do. */
async function visit({ thumb, seed }: World, say: (line: string) => void): Promise<void> {
  const [member] = seed.members;
  if (!member) throw new Error('The demo has no member.');
  for (let attempt = 1; attempt <= SIGN_INS; attempt += 1) {
    await signIn(thumb, member);
    const refusal = await thumb.until(
      (snapshot) => {
        const shown = snapshot?.screen;
        if (shown?.name === 'choose') return 'none';
        if (shown?.name === 'identify') return 'no answer';
        return shown && 'note' in shown && shown.note ? shown.note.code : undefined;
      },
      'an answer',
      END_MS,
    );
    if (refusal === 'none') return;
    say(`Not signed in (${refusal}): once more`);
    await thumb.tap({ type: 'end' });
  }
  throw new Error(`Nobody could sign in, ${String(SIGN_INS)} times in a row.`);
}

/** From the list of gifts to an empty tray; false where the machine honestly gave nothing. */
async function takeOne({ thumb }: World, turn: number): Promise<boolean> {
  const { offers } = await thumb.screen('choose', END_MS);
  const chosen = offers.filter(({ state, price }) => state === 'available' && price < DEAREST);
  const offer = chosen[turn % chosen.length];
  if (!offer) throw new Error(`No gift can be had: ${offers.map(({ state }) => state).join(', ')}`);
  await thumb.tap({ type: 'choose', rewardId: offer.rewardId });
  await thumb.screen('confirm', END_MS);
  await thumb.tap({ type: 'confirm' });
  return thumb.until(
    (snapshot) => {
      const shown = snapshot?.screen;
      if (shown?.name === 'take') return shown.another ? true : undefined;
      return shown && NOTHING.has(shown.name) ? false : undefined;
    },
    'an end',
    END_MS,
  );
}

/**
 * Has members redeem one gift after another, several a visit, and looks at the daemon's memory every so often.
 * @param say told how it goes
 */
export async function redeemMany(
  world: World,
  { redemptions, every, say }: { redemptions: number; every: number; say: (line: string) => void },
): Promise<{ samples: Sample[]; failed: number }> {
  const { thumb, supervisor, books, kiosk } = world;
  const pid = supervisor.pids()['daemon'] ?? 0;
  const samples: Sample[] = [];
  let failed = 0;
  await books.resize(kiosk.id, CAPACITY);
  for (let done = 0, inVisit = 0; done < redemptions;) {
    if (done % LOOK_EVERY === 0) await refill(world);
    if (inVisit === 0) {
      if (done % ENRICH_EVERY === 0) await enrich(world, POINTS);
      await visit(world, say);
    }
    const dropped = await takeOne(world, done);
    if (dropped) done += 1;
    else failed += 1;
    inVisit = dropped && inVisit + 1 < GIFTS_A_SESSION ? inVisit + 1 : 0;
    await thumb.tap({ type: inVisit === 0 ? 'end' : 'another' });
    if (dropped && done % every === 0) {
      const sample = { redemptions: done, ...memoryOf(pid) };
      samples.push(sample);
      say(`${String(done)} redemptions (${String(failed)} failed): ${sample.residentMb.toFixed(1)} MB`);
    }
  }
  if (supervisor.deaths('daemon') > 0)
    throw new Error('The daemon died on the way: what was measured is two processes.');
  return { samples, failed };
}
