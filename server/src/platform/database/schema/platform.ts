import type { Generated } from 'kysely';

/** Single facts about this database: `ledger_epoch`, … */
export interface MetaTable {
  key: string;
  value: string;
}

/** Ed25519 seeds that sign pick-up codes and grants; the newest that is not retired signs, all verify. */
export interface ServerKeysTable {
  key_id: string;
  seed: Buffer;
  public_key: string;
  created_at: number;
  retired_at: number | null;
}

/** The stored answer of one HTTP command. `key` is the SHA-256 of the caller's key, `answer` is sealed with it. */
export interface IdempotencyTable {
  principal: string;
  key: string;
  body_hash: string;
  status: number;
  answer: string;
  created_at: number;
  expires_at: number;
}

/** What happened, by whom. `hash` chains a row to the one before it. */
export interface AuditTable {
  seq: number;
  at: number;
  actor: string;
  action: string;
  subject: string;
  /** Canonical JSON of the facts; personal values are in it as salted digests only. */
  facts: string;
  prev_hash: string;
  hash: string;
}

/** One salt a subject: deleting it makes the digests of that person meaningless and leaves the chain valid. */
export interface AuditSaltsTable {
  subject: string;
  salt: string;
}

/** Work to be done after the commit, at least once. */
export interface OutboxTable {
  outbox_id: Generated<number>;
  topic: string;
  payload: string;
  created_at: number;
  next_at: number;
  attempts: number;
  last_error: string | null;
  sent_at: number | null;
}

/** A message to a person: the embedded mailbox, and the delivery record of SMTP. */
export interface MessagesTable {
  message_id: string;
  /** The outbox row that made it: a second delivery of that row finds this one. */
  outbox_id: number | null;
  member_id: string | null;
  channel: 'email' | 'phone' | 'inbox';
  address: string;
  kind: string;
  subject: string;
  body: string;
  state: 'queued' | 'sent' | 'failed';
  created_at: number;
  sent_at: number | null;
  error: string | null;
}

/** One row a job: whoever holds the lease runs it. */
export interface JobsTable {
  name: string;
  lease_owner: string | null;
  lease_until: number;
  last_run_at: number | null;
  runs: number;
  last_error: string | null;
}

/** Attempts counted per key (a kiosk, a kiosk and member, an address) until `expires_at`. */
export interface ThrottlesTable {
  key: string;
  attempts: number;
  expires_at: number;
}

/** Which batch of a writing server was committed last; only PostgreSQL needs to be asked, after a COMMIT without an answer. */
export interface WritersTable {
  writer: string;
  batch: number;
  at: number;
}
