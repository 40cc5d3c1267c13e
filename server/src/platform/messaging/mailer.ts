/** A message to one person, with its words. */
export interface OutgoingMessage {
  /** Stays the same when a delivery is repeated, so that the other side can drop the second one. */
  readonly messageId: string;
  readonly channel: 'email' | 'phone';
  readonly address: string;
  readonly subject: string;
  readonly body: string;
}

/** Carries messages out of the house. */
export interface Mailer {
  /** Hands a message over; rejects where it should be tried again. A channel that it does not carry stays in the mailbox. */
  deliver(message: OutgoingMessage): Promise<void>;
}

/** The embedded default: nothing leaves the house, staff read the mailbox. */
export const mailboxOnly: Mailer = { deliver: () => Promise.resolve() };
