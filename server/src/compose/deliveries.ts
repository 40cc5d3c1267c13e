import type { Messages } from '../features/messages/index.ts';
import type { Job } from '../platform/jobs/jobs.ts';
import { outboxJobs } from '../platform/outbox/relay.ts';
import type { Foundation } from './parts.ts';

/** Who takes what from the outbox. */
export const deliveries = (foundation: Foundation, messages: Messages): Job[] =>
  outboxJobs({
    ...foundation,
    db: foundation.database.db,
    consumers: {
      member_message: ({ outboxId, payload }) => messages.deliverToMember(outboxId, payload),
      address_message: ({ outboxId, payload }) => messages.deliverToAddress(outboxId, payload),
    },
    onFailure: (topic, outboxId, cause) => {
      foundation.log.event('outbox.failed', { topic, outboxId, cause: String(cause) });
    },
  });
