import type { Tx } from '../commands/commands.ts';
import { statement } from '../database/statement.ts';

/** What travels through the outbox: topic → payload. Delivered at least once, so consumers know a row by its id. */
export interface OutboxTopics {
  /** A message to a member about what happened; words and address are found when it is delivered. */
  member_message: {
    readonly memberId: string;
    readonly kind: MemberMessageKind;
    readonly facts: Readonly<Record<string, string | number>>;
  };
  /** A message to an address that belongs to no member yet: the code of an application. */
  address_message: {
    readonly channel: 'email' | 'phone';
    readonly address: string;
    readonly language: 'zh' | 'en' | 'ar';
    readonly kind: 'application_code';
    readonly facts: Readonly<Record<string, string | number>>;
  };
}
export type OutboxTopic = keyof OutboxTopics;

/** `facts` of the redemption kinds: rewardName (localised JSON), points, kioskName, redemptionId; of an order also code and expiresAt. Of points that expire: points, expiresAt; of a payment: points, merchantName, and its id as redemptionId. Of a tier: tierName (localised JSON), points (missing), lastDay. */
export type MemberMessageKind =
  | 'redemption_captured'
  | 'redemption_released'
  | 'redemption_in_doubt'
  | 'pickup_ordered'
  | 'pickup_ended'
  | 'points_expiring'
  | 'payment_captured'
  | 'payment_refunded'
  | 'tier_raised'
  | 'tier_grace'
  | 'tier_kept'
  | 'tier_lowered'
  | 'tier_moved'
  | 'tier_ended';

const insert = statement((db, p: { topic: string; payload: string; at: number }) =>
  db.insertInto('outbox').values({
    topic: p.topic,
    payload: p.payload,
    created_at: p.at,
    next_at: p.at,
    attempts: 0,
    last_error: null,
    sent_at: null,
  }),
);

/** The job that empties the outbox. */
export const OUTBOX_JOB = 'outbox';

/** Puts work into the outbox; it commits, or vanishes, with the command. */
export async function enqueue<Topic extends OutboxTopic>(
  tx: Tx,
  topic: Topic,
  payload: OutboxTopics[Topic],
): Promise<void> {
  await insert(tx.db, { topic, payload: JSON.stringify(payload), at: tx.at });
  tx.wake(OUTBOX_JOB);
}
