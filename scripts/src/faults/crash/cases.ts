import type { DaemonEffect } from '@tessera/kiosk-daemon/platform/failpoints';
import { daemonFailpoints } from '@tessera/kiosk-daemon/platform/failpoints';
import { guardFailpoints } from '@tessera/hardware/guard/failpoints';
import { failpointNames as serverFailpoints } from '@tessera/server/platform/failpoints';
import type { Moment } from '../../harness/moment.ts';
import type { Scenario } from './scenarios.ts';

export type Victim = 'daemon' | 'guard' | 'server' | 'link';

/** One way to be disturbed in the middle of a redemption. */
export type CrashCase = {
  readonly name: string;
  readonly victim: Victim;
  /** SIGSTOP: frozen for a while, then let go; or ended by whoever notices the silence. */
  readonly signal: 'SIGKILL' | 'SIGSTOP';
  /** At failpoints, one for each life of the victim (a second one hits it while it recovers), or when the glass shows a state. */
  readonly at: { readonly lives: readonly string[] } | { readonly moment: Moment };
  readonly scenario: Scenario;
};

/** Effects that no crash here can meet, and where each is ended instead. */
export const elsewhere: Readonly<Partial<Record<DaemonEffect, string>>> = {
  'journal.compaction':
    'Needs a journal of a megabyte: ended there in the simulation and by test/kiosk/daemon/journal.',
};

/** What has to happen for an effect to be reached; a plain walk-up reaches the others. */
const scenarioOf: Readonly<Partial<Record<DaemonEffect, Scenario>>> = {
  'journal.accepted': 'pickup',
  'journal.not_dropped': 'jam',
  'journal.unknown': 'blind_beam',
  'journal.abandoned': 'mute_server',
  'send.abandon': 'mute_server',
  'ack.abandon': 'mute_server',
  'journal.refused': 'suspended',
  'journal.variance': 'double_drop',
  'send.variance': 'double_drop',
  'ack.variance': 'double_drop',
  'journal.other': 'double_drop',
  'send.revoked': 'withdrawn',
  'ack.revoked': 'withdrawn',
  'send.replay_grant': 'restored',
  'ack.replay_grant': 'restored',
};

/** A code that was accepted and not used is given back by the next life: that record is met there only. */
const UNUSED_CODE = 'daemon.journal.accepted.after';

const killed = (victim: Victim, lives: readonly string[], scenario: Scenario = 'walk_up'): CrashCase => ({
  name: `${lives.join(' > ')}${scenario === 'walk_up' ? '' : ` (${scenario})`}`,
  victim,
  signal: 'SIGKILL',
  at: { lives },
  scenario,
});

const frozen = (victim: Victim, point: string): CrashCase => ({
  name: `${point} frozen`,
  victim,
  signal: 'SIGSTOP',
  at: { lives: [`${point}=stop`] },
  scenario: 'walk_up',
});

const atMoment = (victim: Victim, moment: Moment, signal: CrashCase['signal']): CrashCase => ({
  name: `${victim}@${moment}${signal === 'SIGSTOP' ? ' frozen' : ''}`,
  victim,
  signal,
  at: { moment },
  scenario: 'walk_up',
});

function daemonCases(): CrashCase[] {
  return daemonFailpoints.flatMap((point) => {
    const effect = point.replace(/^daemon\./, '').replace(/\.(before|after)$/, '') as DaemonEffect;
    if (elsewhere[effect] !== undefined) return [];
    if (effect === 'journal.none') return [killed('daemon', [UNUSED_CODE, point], 'pickup')];
    return [killed('daemon', [point], scenarioOf[effect])];
  });
}

/** The first lines that a guard drives after its start are the emitter's tests; the motor's comes among the next. */
const guardCases = (): CrashCase[] =>
  guardFailpoints.flatMap((point) => {
    const hits = point.startsWith('guard.claim') ? [1] : [1, 2, 3, 4];
    return hits.map((nth) => killed('guard', [`${point}:${String(nth)}`]));
  });

/** The first few effects of a server that has just started are those of hello, identify, authorise and outcome. */
const serverCases = (): CrashCase[] =>
  serverFailpoints.flatMap((point) => {
    const hits = point.startsWith('server.deliver') ? [1] : [1, 2, 3, 4, 5, 6];
    return hits.map((nth) => killed('server', [`${point}:${String(nth)}`]));
  });

/** Where a process dies in service, and then twice more while it recovers from that. */
const deepCases: readonly CrashCase[] = [
  killed('daemon', ['daemon.journal.vending.after', 'daemon.send.hello.before', 'daemon.send.outcome.after']),
  killed('daemon', ['daemon.pulse.after', 'daemon.journal.unknown.before', 'daemon.journal.unknown.after']),
  killed('daemon', ['daemon.journal.authorised.after', 'daemon.ack.hello.before', 'daemon.ack.hello.after']),
  killed('daemon', ['daemon.journal.dropped.after', 'daemon.send.outcome.before', 'daemon.ack.outcome.before']),
  killed('daemon', ['daemon.ack.authorise.before', 'daemon.send.hello.after', 'daemon.journal.closed.before']),
  killed('daemon', [UNUSED_CODE, 'daemon.journal.none.before', 'daemon.journal.none.after'], 'pickup'),
  killed('guard', ['guard.relay_on.after:2', 'guard.claim.before', 'guard.claim.after']),
  killed('guard', ['guard.relay_off.before:2', 'guard.claim.after', 'guard.relay_on.before']),
  killed('server', ['server.commit.after:4', 'server.commit.before', 'server.answer.before']),
  killed('server', ['server.commit.before:4', 'server.answer.before', 'server.commit.after']),
];

/** Preparing is over before the glass shows it: its failpoints (`daemon.prepare`, `guard.relay_on:1`) stand for it. */
const moments: readonly Moment[] = [
  'checking',
  'choose',
  'confirm',
  'authorising',
  'turning',
  'watching',
  'settling',
  'take',
];
const victims: readonly Victim[] = ['daemon', 'guard', 'server', 'link'];
const freezable: readonly Victim[] = ['daemon', 'guard'];

/** Effects on the way of a plain walk-up: a process that stands still there is as bad as a dead one, and comes back. */
const freezePoints: readonly (readonly [Victim, string])[] = [
  ...['requested', 'authorised', 'vending', 'dropped', 'closed'].map(
    (state) => ['daemon', `daemon.journal.${state}.after`] as const,
  ),
  ...['authorise', 'outcome'].map((name) => ['daemon', `daemon.ack.${name}.before`] as const),
  ['daemon', 'daemon.pulse.before'],
  ['daemon', 'daemon.pulse.after'],
  ...['relay_on.before', 'relay_on.after', 'relay_off.before', 'relay_off.after', 'answer.before'].flatMap((point) =>
    [2, 3].map((nth) => ['guard', `guard.${point}:${String(nth)}`] as const),
  ),
];

/**
 * The grid: every named effect of daemon, guard and server, every state of the glass × every process, processes that
 * freeze, and processes that die again while they recover.
 */
export const crashCases: readonly CrashCase[] = [
  ...victims.flatMap((victim) => moments.map((moment) => atMoment(victim, moment, 'SIGKILL'))),
  ...freezable.flatMap((victim) => moments.map((moment) => atMoment(victim, moment, 'SIGSTOP'))),
  ...daemonCases(),
  ...guardCases(),
  ...serverCases(),
  ...freezePoints.map(([victim, point]) => frozen(victim, point)),
  ...deepCases,
];
