import { createTransport } from 'nodemailer';
import type { Mailer, OutgoingMessage } from './mailer.ts';

export interface SmtpSettings {
  /** `smtp://user:password@host:port` or `smtps://…`. */
  readonly url: string;
  /** The sender's address. */
  readonly from: string;
}

const TIMEOUT_MS = 10_000;

/** Sends e-mail over SMTP; other channels stay in the mailbox. */
export function createSmtpMailer(settings: SmtpSettings): Mailer & { close(): void } {
  const transport = createTransport(settings.url, { from: settings.from });
  transport.set('connectionTimeout', TIMEOUT_MS);
  const domain = settings.from.split('@')[1]?.replace('>', '') ?? 'localhost';
  const send = async ({ messageId, address, subject, body }: OutgoingMessage): Promise<void> => {
    await transport.sendMail({ to: address, subject, text: body, messageId: `<${messageId}@${domain}>` });
  };
  let last = Promise.resolve();
  return {
    // The outbox delivers many at once; the post office is given one after the other.
    async deliver(message) {
      if (message.channel !== 'email') return;
      const mine = last.then(() => send(message));
      last = mine.catch(() => undefined);
      await mine;
    },
    close: () => {
      transport.close();
    },
  };
}
