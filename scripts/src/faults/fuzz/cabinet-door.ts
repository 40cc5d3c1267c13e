import { setTimeout as sleep } from 'node:timers/promises';
import { toGuardSchema, fromGuardSchema, GUARD_PROTOCOL } from '@tessera/hardware/guard/protocol';
import { CABINET_PROTOCOL, fromCabinetSchema, toCabinetSchema } from '@tessera/hardware/lines/cabinet-protocol';
import { demoWiring } from '@tessera/hardware/wiring';
import { DEMO_SLOTS } from '../../start/children.ts';
import { startCabinetAlone } from '../../harness/cabinet-alone.ts';
import { Cabinet } from '../../harness/cabinet.ts';
import { HandsFuzz } from './hands-fuzz.ts';
import { LinesFuzz } from './lines-fuzz.ts';
import type { Visit } from './visit.ts';

const LINES_CHANCE = 0.2;
const GUARD_CHANCE = 0.2;
/** What a guard needs at most to let go when its driver has gone. */
const LET_GO_MS = 1_000;

/** The cabinet's HTTP face, its terminals, and the guard that drives them. */
export async function cabinetDoor(visit: Visit): Promise<void> {
  const site = await startCabinetAlone(visit.say);
  const { layout, supervisor } = site;
  const { chance, findings } = visit;
  const cabinet = new Cabinet(layout.urls.cabinet);
  const hands = new HandsFuzz(layout.urls.cabinet, visit);
  const wiring = demoWiring(DEMO_SLOTS);
  const motors = wiring.slots.map(({ motor }) => motor);
  const lines = new LinesFuzz(visit, {
    name: 'lines',
    path: layout.lineSocket,
    lines: [...motors, ...wiring.slots.flatMap(({ home }) => home ?? [])],
    hello: { type: 'hello', version: CABINET_PROTOCOL },
    // A line that no connection has opened is refused under its number.
    last: { type: 'read', id: LAST, line: 9_999 },
    isLast: (answer) => 'id' in answer && answer['id'] === LAST,
    said: toCabinetSchema,
    heard: fromCabinetSchema,
  });
  const guard = new LinesFuzz(visit, {
    name: 'guard',
    path: layout.guardSocket,
    lines: motors,
    hello: { type: 'hello', version: GUARD_PROTOCOL, role: 'driver' },
    last: { type: 'beat' },
    isLast: (answer) => answer['type'] === 'beat',
    said: toGuardSchema,
    heard: fromGuardSchema,
  });
  try {
    while (visit.next()) {
      const which = chance.next() / 2 ** 32;
      if (which < LINES_CHANCE) await lines.ask();
      else if (which < LINES_CHANCE + GUARD_CHANCE) await guard.ask();
      else await hands.ask();
      if (which >= LINES_CHANCE + GUARD_CHANCE) continue;
      if (!(await isAtRest(cabinet))) findings.add('a motor was left driven', await cabinet.state());
      // Where nothing ever turned, nothing could have been left turning.
      if ((await cabinet.state()).slots.some(({ pulses }) => pulses > 0)) visit.heard('turned');
    }
    findings.deaths(supervisor);
  } finally {
    await site.close();
  }
}

const LAST = 777_777;

/** No motor is driven, or soon none is. */
async function isAtRest(cabinet: Cabinet): Promise<boolean> {
  const end = performance.now() + LET_GO_MS;
  do {
    if ((await cabinet.state()).slots.every(({ relay }) => !relay)) return true;
    await sleep(5);
  } while (performance.now() < end);
  return false;
}
