import { createTransport } from 'nodemailer';
import type { Mailer } from './mailer.ts';

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
  return {
    async deliver({ messageId, channel, address, subject, body }) {
      if (channel !== 'email') return;
      const domain = settings.from.split('@')[1]?.replace('>', '') ?? 'localhost';
      await transport.sendMail({ to: address, subject, text: body, messageId: `<${messageId}@${domain}>` });
    },
    close: () => {
      transport.close();
    },
  };
}
