import { setTimeout as sleep } from 'node:timers/promises';
import type { Snapshot } from '@tessera/shared/protocol/ui';
import { startWorld, type World } from '../../harness/world.ts';
import { UiFuzz } from './ui-fuzz.ts';
import type { Visit } from './visit.ts';

const ALIVE_MS = 60_000;
const LOOK_MS = 50;

/** The screen's socket of a real kiosk, with a real server behind it and a cabinet before it. */
export async function uiDoor(visit: Visit): Promise<void> {
  const world = await startWorld(visit.say, 'direct');
  const { findings } = visit;
  try {
    await world.thumb.screen('attract', ALIVE_MS);
    const fuzz = new UiFuzz(world, visit);
    while (visit.next()) await fuzz.ask();
    await stillServes(world).catch((error: unknown) => {
      findings.add('the screen no longer serves', error instanceof Error ? error.message : error);
    });
    findings.deaths(world.supervisor);
    await findings.check(world.books);
  } finally {
    await world.close();
  }
}

/** Goes home, by taps and by waiting, and there a right tap does what it always did. */
async function stillServes({ thumb, cabinet }: World): Promise<void> {
  const end = performance.now() + ALIVE_MS;
  const isHome = ({ screen }: Snapshot): boolean => screen.name === 'attract' || screen.name === 'out_of_service';
  for (;;) {
    const snapshot = await thumb.until((each) => each, 'anything');
    if (isHome(snapshot)) break;
    if (performance.now() > end) throw new Error(`It never came home from ${snapshot.screen.name}.`);
    await cabinet.takeGift();
    await thumb.tap({ type: 'end' });
    await sleep(LOOK_MS);
  }
  const { prefs } = await thumb.until((each) => each, 'anything');
  const turned = { largeText: !prefs.largeText };
  if (!(await thumb.tap({ type: 'set_prefs', prefs: turned })).ok) throw new Error('A right tap was refused.');
  await thumb.until((each) => (each?.prefs.largeText === turned.largeText ? true : undefined), 'large text');
  if (thumb.snapshot?.screen.name === 'out_of_service') return;
  if (!(await thumb.tap({ type: 'begin' })).ok) throw new Error('Nobody could begin.');
  await thumb.screen('identify');
}
