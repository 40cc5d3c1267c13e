import type { Problem } from '@tessera/shared/problem';
import { evidenceSchema } from '@tessera/shared/protocol/kiosk-parts';
import { bookStates } from '@tessera/shared/redemption/books';
import * as z from 'zod';
import { atMs, line } from '../../platform/openapi/fields.ts';
import type { DiscrepancyRow, ResolutionRow } from './resolutions.ts';
import type { eventsOf, RedemptionRow } from './store.ts';

export const bookState = z.enum(bookStates);

export const redemptionView = z
  .object({
    redemptionId: z.string(),
    kind: z.enum(['walk_up', 'pickup']),
    state: bookState,
    kioskId: z.string(),
    slot: z.int().nullable(),
    rewardId: z.string().nullable(),
    memberId: z.string().nullable(),
    price: z.int(),
    outcome: z.enum(['dropped', 'not_dropped', 'unknown']).nullable(),
    evidence: z.nullable(evidenceSchema),
    refusal: z.string().nullable().describe('Code of the problem that it was refused with.'),
    decidedBy: z.string().nullable(),
    extraDrops: z.int(),
    overdueAt: atMs.nullable(),
    overdueSince: atMs.nullable(),
    createdAt: atMs,
    updatedAt: atMs,
    endedAt: atMs.nullable(),
  })
  .meta({ id: 'Redemption' });

export const eventView = z.object({
  at: atMs,
  event: z.string(),
  from: bookState,
  to: bookState,
  by: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

export const resolutionView = z
  .object({
    resolutionId: z.string(),
    redemptionId: z.string(),
    discrepancyId: z.string().nullable(),
    outcome: z.enum(['captured', 'released', 'dismissed']),
    reason: z.string(),
    state: z.enum(['proposed', 'confirmed', 'overtaken']),
    proposedBy: z.string(),
    proposedAt: atMs,
    confirmedBy: z.string().nullable(),
    confirmedAt: atMs.nullable(),
  })
  .meta({ id: 'Resolution' });

export const redemptionDetail = redemptionView
  .extend({ events: z.array(eventView), resolutions: z.array(resolutionView) })
  .meta({ id: 'RedemptionDetail' });

export const proposeBody = z.strictObject({ outcome: z.enum(['captured', 'released']), reason: line(300) });
export const proposeForBody = z.strictObject({
  outcome: z.enum(['captured', 'released', 'dismissed']),
  reason: line(300),
});

export const discrepancyView = z
  .object({
    discrepancyId: z.string(),
    redemptionId: z.string(),
    kioskId: z.string(),
    event: z.string().describe('What was said.'),
    stateThen: bookState.describe('What the books said already.'),
    detail: z.record(z.string(), z.unknown()),
    state: z.enum(['open', 'closed']),
    openedAt: atMs,
    closedAt: atMs.nullable(),
  })
  .meta({ id: 'Discrepancy' });

const objectOf = (text: string): Record<string, unknown> => z.record(z.string(), z.unknown()).parse(JSON.parse(text));

export const viewRedemption = (row: RedemptionRow): z.input<typeof redemptionView> => ({
  redemptionId: row.redemption_id,
  kind: row.kind,
  state: row.state,
  kioskId: row.kiosk_id,
  slot: row.slot,
  rewardId: row.reward_id,
  memberId: row.member_id,
  price: row.price,
  outcome: row.outcome,
  evidence: row.evidence === null ? null : evidenceSchema.parse(JSON.parse(row.evidence)),
  refusal: row.problem === null ? null : (JSON.parse(row.problem) as Problem).code,
  decidedBy: row.decided_by,
  extraDrops: row.extra_drops,
  overdueAt: row.overdue_at,
  overdueSince: row.overdue_since,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  endedAt: row.ended_at,
});

export const viewEvent = (row: Awaited<ReturnType<typeof eventsOf>>[number]): z.input<typeof eventView> => ({
  at: row.at,
  event: row.event,
  from: row.from_state,
  to: row.to_state,
  by: row.actor,
  detail: objectOf(row.detail),
});

export const viewResolution = (row: ResolutionRow): z.input<typeof resolutionView> => ({
  resolutionId: row.resolution_id,
  redemptionId: row.redemption_id,
  discrepancyId: row.discrepancy_id,
  outcome: row.verdict,
  reason: row.reason,
  state: row.state,
  proposedBy: row.proposed_by,
  proposedAt: row.proposed_at,
  confirmedBy: row.confirmed_by,
  confirmedAt: row.confirmed_at,
});

export const viewDiscrepancy = (row: DiscrepancyRow): z.input<typeof discrepancyView> => ({
  discrepancyId: row.discrepancy_id,
  redemptionId: row.redemption_id,
  kioskId: row.kiosk_id,
  event: row.event,
  stateThen: bookState.parse(row.state_then),
  detail: objectOf(row.detail),
  state: row.state,
  openedAt: row.opened_at,
  closedAt: row.closed_at,
});
