import type { DaemonFailpoint } from '@tessera/kiosk-daemon/platform/failpoints';
import type { GuardFailpoint } from '@tessera/hardware/guard/failpoints';
import type { VendPhase } from '@tessera/shared/protocol/ui';

export type Victim = 'daemon' | 'guard' | 'server' | 'link';

/**
 * One way to die in the middle of a redemption: at a failpoint that the process was started with, or the moment the glass
 * shows a state. `jam` makes the gift not fall, `blind` makes the beam see nothing.
 */
export type CrashCase = {
  readonly name: string;
  readonly victim: Victim;
  readonly at:
    { readonly failpoint: string } | { readonly phase: VendPhase | 'checking' | 'choose' | 'confirm' | 'take' };
  readonly cabinet?: 'jam' | 'blind_beam';
};

const daemonPoints: readonly DaemonFailpoint[] = [
  'daemon.send.identify.before',
  'daemon.ack.identify.after',
  'daemon.journal.requested.before',
  'daemon.journal.requested.after',
  'daemon.send.authorise.before',
  'daemon.send.authorise.after',
  'daemon.ack.authorise.before',
  'daemon.ack.authorise.after',
  'daemon.journal.authorised.before',
  'daemon.journal.authorised.after',
  'daemon.prepare.before',
  'daemon.prepare.after',
  'daemon.journal.vending.before',
  'daemon.journal.vending.after',
  'daemon.send.vending.before',
  'daemon.send.vending.after',
  'daemon.pulse.before',
  'daemon.pulse.after',
  'daemon.journal.dropped.before',
  'daemon.journal.dropped.after',
  'daemon.send.outcome.before',
  'daemon.send.outcome.after',
  'daemon.ack.outcome.before',
  'daemon.ack.outcome.after',
  'daemon.journal.closed.before',
  'daemon.journal.closed.after',
];

const guardNames: readonly GuardFailpoint[] = [
  'guard.relay_on.before',
  'guard.relay_on.after',
  'guard.relay_off.before',
  'guard.relay_off.after',
  'guard.answer.before',
  'guard.answer.after',
];

/** The first lines that a guard drives after its start are the emitter's tests; the motor's comes among the next. */
const guardPoints = guardNames.flatMap((name) => [1, 2, 3, 4].map((nth) => `${name}:${String(nth)}`));

/** The first few commits and answers of a server that has just started are those of hello, identify, authorise and outcome. */
const serverPoints = [
  'server.commit.before',
  'server.commit.after',
  'server.answer.before',
  'server.answer.after',
].flatMap((name) => [2, 3, 4, 5, 6].map((nth) => `${name}:${String(nth)}`));

const phases = [
  'checking',
  'choose',
  'confirm',
  'authorising',
  'preparing',
  'turning',
  'watching',
  'settling',
  'take',
] as const;
const victims: readonly Victim[] = ['daemon', 'guard', 'server', 'link'];

const atPoint = (victim: Victim, failpoint: string, cabinet?: 'jam' | 'blind_beam'): CrashCase => ({
  name: `${failpoint}${cabinet ? `+${cabinet}` : ''}`,
  victim,
  at: { failpoint },
  ...(cabinet && { cabinet }),
});

/** The grid: every named effect on the path of a redemption, every state of the glass × every process, and the unhappy ends. */
export const crashCases: readonly CrashCase[] = [
  ...victims.flatMap((victim) =>
    phases.map((phase): CrashCase => ({ name: `${victim}@${phase}`, victim, at: { phase } })),
  ),
  ...daemonPoints.map((point) => atPoint('daemon', point)),
  ...guardPoints.map((point) => atPoint('guard', point)),
  ...serverPoints.map((point) => atPoint('server', point)),
  ...(['before', 'after'] as const).flatMap((side) => [
    atPoint('daemon', `daemon.journal.not_dropped.${side}`, 'jam'),
    atPoint('daemon', `daemon.journal.unknown.${side}`, 'blind_beam'),
  ]),
];
