import type { SessionState } from '@tessera/kiosk-daemon/session/events';
import { session } from '@tessera/kiosk-daemon/session/table';
import type { Fault } from './faults.ts';
import type { Cell } from './run-cell.ts';
import type { Place } from './places.ts';

/** What may come of one fault at one place; `alert` is what the staff must see of it, null where nothing needs them. */
export type Expectation = {
  readonly ends: readonly Cell['end'][];
  readonly settlements: readonly string[];
  readonly alert: string | null;
};

const expectation = (ends: Expectation['ends'], settlements: readonly string[], alert: string | null): Expectation => ({
  ends,
  settlements,
  alert,
});

const gift = (alert: string | null = null): Expectation => expectation(['take'], ['captured'], alert);
const noGift = (alert: string | null = null): Expectation => expectation(['failed'], ['released'], alert);
const doubt = (alert: string): Expectation => expectation(['in_doubt'], ['in_doubt'], alert);
const closed = (alert: string | null): Expectation => expectation(['out_of_service'], ['none'], alert);
/** The kiosk starts anew: it is out of service until it has met the server, and the redemption ends as the journal says. */
const restarted = (settlements: readonly string[], alert: string | null = null): Expectation =>
  expectation(['out_of_service', 'attract', 'take'], settlements, alert);

type Phase = 'idle' | 'signed_in' | 'authorising' | 'preparing' | 'turning' | 'watching' | 'settling';

const everywhere = (what: Expectation): Record<Phase, Expectation> => ({
  idle: what,
  signed_in: what,
  authorising: what,
  preparing: what,
  turning: what,
  watching: what,
  settling: what,
});
/** A fault of the slot matters until the spiral has turned. */
const untilTurned = (before: Expectation, after: Expectation = gift()): Record<Phase, Expectation> => ({
  ...everywhere(before),
  watching: after,
  settling: after,
});
const beforePulse = (before: Expectation, after: Expectation): Record<Phase, Expectation> => ({
  ...everywhere(before),
  turning: after,
  watching: after,
  settling: after,
});

const startsAnew: Readonly<Record<Phase, Expectation>> = {
  ...everywhere(restarted(['none', 'captured'])),
  authorising: restarted(['refused', 'released']),
  preparing: restarted(['released']),
  turning: restarted(['in_doubt'], 'closed: '),
  watching: restarted(['in_doubt'], 'closed: '),
  settling: restarted(['in_doubt'], 'closed: '),
};

/** By fault and by what the machine is doing. A missing one does not compile. */
const rules: Readonly<Record<Fault, Readonly<Record<Phase, Expectation>>>> = {
  jam: untilTurned(noGift('closed: may_hang')),
  // What hangs may come down with the next gift: then it is written off.
  hang: untilTurned(noGift('closed: may_hang')),
  late_drop: everywhere(gift()),
  very_late_drop: untilTurned(noGift('variance: stray_drop')),
  double_drop: untilTurned(gift('closed: extra_drop')),
  // A gift that was half pushed by the slow turn before comes with less.
  slow_motor: untilTurned(expectation(['take', 'failed'], ['captured', 'released'], null)),
  // Only the second time in a row says that it is the relay; once it has turned, it stops half-way.
  dead_relay: { ...untilTurned(noGift()), turning: noGift('closed: may_hang') },
  stuck_home: { ...everywhere(gift()), turning: expectation(['take', 'failed'], ['captured', 'released'], null) },
  // While the machine watches for a gift, nothing tells another one from it.
  stray_drop: {
    ...everywhere(gift('variance: stray_drop')),
    watching: gift('closed: extra_drop'),
    settling: gift('closed: extra_drop'),
  },
  stuck_beam: {
    ...everywhere(expectation(['failed', 'out_of_service'], ['released', 'none'], 'no_sensor')),
    turning: doubt('closed: in_doubt'),
    watching: doubt('closed: in_doubt'),
    settling: gift('no_sensor'),
  },
  // Nobody can tell before it is tested, which is when a gift is chosen.
  blind_beam: {
    ...everywhere(doubt('closed: in_doubt')),
    idle: noGift('no_sensor'),
    signed_in: expectation(['failed', 'in_doubt'], ['released', 'in_doubt'], 'no_sensor'),
    settling: gift(),
  },
  door_open: { ...beforePulse(noGift('door_open'), gift('door_open')), idle: closed('door_open') },
  scanner_unplugged: everywhere(gift('scanner: away')),
  reader_unplugged: everywhere(gift('card: away')),
  scanner_garbage: everywhere(gift()),
  reader_garbage: everywhere(gift()),
  guard_dies: {
    ...everywhere(expectation(['failed', 'take', 'out_of_service'], ['released', 'captured', 'none'], null)),
    turning: doubt('closed: in_doubt'),
    watching: gift(),
    settling: gift(),
  },
  daemon_dies: startsAnew,
  // What the journal had synced is there after either.
  power_cut: startsAnew,
  server_dies: everywhere(
    expectation(['take', 'failed', 'out_of_service'], ['captured', 'released', 'refused', 'none'], null),
  ),
  network_cut: {
    ...everywhere(gift('offline')),
    idle: closed('offline'),
    signed_in: expectation(['failed', 'out_of_service'], ['refused', 'released', 'none'], 'offline'),
    authorising: expectation(['failed'], ['refused', 'released'], 'offline'),
  },
};

/** The session's state behind each screen on which nothing runs yet. */
const stateOf = {
  attract: 'attract',
  identify: 'identify',
  enter_number: 'enter_number',
  enter_pin: 'enter_pin_number',
  checking: 'checking',
  choose: 'choose',
  confirm: 'confirm',
} as const satisfies Partial<Record<Place, SessionState>>;

/** Where the session's own table lets the kiosk close under the finger, nobody is signed in yet. */
function phaseOf(place: Exclude<Place, keyof typeof ended>): Phase {
  if (!(place in stateOf)) return place as Exclude<typeof place, keyof typeof stateOf>;
  const lost = session[stateOf[place as keyof typeof stateOf]].service_lost;
  return 'to' in lost && lost.to === 'out_of_service' ? 'idle' : 'signed_in';
}

/** The redemption has ended, or none can begin: no fault changes what the books say of it. */
const ended = {
  take: { settlements: ['captured'], alert: null },
  failed: { settlements: ['released'], alert: null },
  in_doubt: { settlements: ['in_doubt'], alert: null },
  out_of_service: { settlements: ['none'], alert: null },
} as const;

/** What is expected of a fault at a place. */
export function expected(fault: Fault, place: Place): Expectation {
  if (place in ended) {
    const { settlements, alert } = ended[place as keyof typeof ended];
    return { ends: ['attract', 'out_of_service'], settlements, alert };
  }
  return rules[fault][phaseOf(place as Exclude<Place, keyof typeof ended>)];
}

/** What of a cell is not as expected; empty where all is. */
export function surprises(cell: Cell): string[] {
  const { ends, settlements, alert } = expected(cell.fault, cell.place);
  const claims: readonly (readonly [holds: boolean, sentence: string])[] = [
    [cell.reached, 'the place was not reached'],
    [ends.includes(cell.end), `ended at ${cell.end}, not ${ends.join(' or ')}`],
    [settlements.includes(cell.settlement), `settled ${cell.settlement}, not ${settlements.join(' or ')}`],
    [alert === null || cell.alerts.some((seen) => seen.startsWith(alert)), `nobody is told "${alert ?? ''}"`],
  ];
  return [...claims.filter(([holds]) => !holds).map(([, sentence]) => sentence), ...cell.violations];
}
