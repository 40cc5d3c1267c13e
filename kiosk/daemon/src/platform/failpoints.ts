import type { Failpoints } from '@tessera/shared/ports';

/** Every durable or physical effect of the daemon; each has a failpoint before and one after it. */
const effects = [
  'journal.requested',
  'journal.authorised',
  'journal.accepted',
  'journal.vending',
  'journal.dropped',
  'journal.not_dropped',
  'journal.unknown',
  'journal.abandoned',
  'journal.refused',
  'journal.closed',
  'journal.none',
  'journal.variance',
  'journal.other',
  'journal.compaction',
  'store',
  'send.hello',
  'send.identify',
  'send.end_session',
  'send.authorise',
  'send.abandon',
  'send.vending',
  'send.outcome',
  'send.revoked',
  'send.variance',
  'send.status',
  'send.replay_grant',
  'ack.hello',
  'ack.identify',
  'ack.end_session',
  'ack.authorise',
  'ack.abandon',
  'ack.vending',
  'ack.outcome',
  'ack.revoked',
  'ack.variance',
  'ack.status',
  'ack.replay_grant',
  'prepare',
  'pulse',
] as const;
export type DaemonEffect = (typeof effects)[number];
export type DaemonFailpoint = `daemon.${DaemonEffect}.${'before' | 'after'}`;

/** All failpoints of the daemon, for the grids of the fault tests. */
export const daemonFailpoints: readonly DaemonFailpoint[] = effects.flatMap(
  (effect) => [`daemon.${effect}.before`, `daemon.${effect}.after`] as const,
);

/** Passes a failpoint; the name is checked by the compiler. */
export type Hit = (name: DaemonFailpoint) => void;

export const hitOf =
  (failpoints: Failpoints): Hit =>
  (name) =>
    failpoints.hit(name);
