import { go, no, type MachineTable } from '@tessera/shared/machine';
import type { SettlementState } from '../../platform/database/schema/settlement.ts';

/**
 * `dispute` takes a line out of a run that nobody has approved yet: it is calculated anew. `settle` is a payment after which
 * nothing is left open, `part` one after which something is, `default` the end of what will not be paid.
 */
type SettlementEvent = 'cutoff' | 'calculate' | 'dispute' | 'approve' | 'post' | 'settle' | 'part' | 'default';

type Row = MachineTable<SettlementState, SettlementEvent, never>[SettlementState];

const early = no('not_yet');
const late = no('posted_is_final');

const unposted = { post: early, settle: early, part: early, default: early } as const;

/** Posted runs: only money moves them. */
const posted: Row = {
  cutoff: late,
  calculate: late,
  dispute: late,
  approve: late,
  post: late,
  settle: go('paid'),
  part: go('partially_paid'),
  default: go('defaulted'),
};
const ended: Row = { ...posted, settle: no('ended'), part: no('ended'), default: no('ended') };

/** A settlement run. What is posted is never changed; what was wrong goes into the next run. */
export const settlement: MachineTable<SettlementState, SettlementEvent, never> = {
  open: { ...unposted, cutoff: go('cutoff'), calculate: early, dispute: no('no_cutoff'), approve: early },
  cutoff: { ...unposted, cutoff: no('cut_off'), calculate: go('calculated'), dispute: go('cutoff'), approve: early },
  calculated: {
    ...unposted,
    cutoff: no('cut_off'),
    calculate: no('calculated'),
    dispute: go('cutoff'),
    approve: go('approved'),
  },
  approved: {
    ...unposted,
    cutoff: no('cut_off'),
    calculate: no('calculated'),
    dispute: no('approved'),
    approve: no('approved'),
    post: go('posted'),
  },
  posted,
  partially_paid: posted,
  paid: ended,
  defaulted: { ...posted, settle: go('defaulted'), part: go('defaulted') },
};
