import * as z from 'zod';
import { isPostgresAddress } from '../database/postgres/addresses.ts';

/** What the server reads from its environment; everything has a default, and a wrong value stops the start with a sentence. */
const settingsSchema = z.object({
  TESSERA_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  TESSERA_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(
      z.array(
        z.string().regex(/^https?:\/\/[^/\s]+$/, 'An origin is a scheme and a host, e.g. https://points.example.'),
      ),
    ),
  TESSERA_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  TESSERA_HELP: z.string().max(200).default(''),
  TESSERA_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/\S+$/, 'An SMTP address starts with smtp:// or smtps://.')
    .optional(),
  TESSERA_SMTP_FROM: z.string().min(3).max(254).default('Tessera <tessera@localhost>'),
  DATABASE_URL: z
    .string()
    .refine((text) => text === '' || isPostgresAddress(text), 'It starts with postgres://, or is not set for SQLite.')
    .default(''),
  TESSERA_FAILPOINTS: z.string().max(1000).default(''),
});

/** What each setting is for, as "tessera serve --help" tells it. */
export const settingsAbout: Readonly<Record<keyof z.input<typeof settingsSchema>, string>> = {
  TESSERA_LOG_LEVEL: 'trace, debug, info, warn, error, fatal or silent (info)',
  TESSERA_ORIGINS: 'web origins besides our own that may ask, with commas: https://points.example',
  TESSERA_PROXIES: 'proxies in front of the server whose word on a caller’s address counts (0)',
  TESSERA_HELP: 'whom to ask, shown at kiosks with failures: a telephone number, or where the next kiosk is',
  TESSERA_SMTP_URL: 'messages leave over SMTP: smtps://user:password@mail.example:465; else they stay in the mailbox',
  TESSERA_SMTP_FROM: 'their sender: Tessera <points@mail.example>',
  DATABASE_URL:
    'postgres://user:password@host/database, to keep the books in PostgreSQL; several with commas: see docs/postgresql.md',
  TESSERA_FAILPOINTS: 'for fault tests alone',
};

export interface Settings {
  readonly logLevel: string;
  /** Where PostgreSQL is; undefined for the embedded database below the data folder. */
  readonly databaseUrl: string | undefined;
  /** Web origins besides our own that may ask: public names in front of a proxy. */
  readonly allowedOrigins: readonly string[];
  /** Proxies in front of the server whose word on a caller's address counts. */
  readonly trustedProxies: number;
  /** Shown at kiosks with failures and doubts; where empty they say in the person's language to ask the staff. */
  readonly help: string;
  /** Messages leave the house over SMTP; otherwise they stay in the mailbox. */
  readonly smtp: { readonly url: string; readonly from: string } | undefined;
  /** Armed failpoints, for fault tests. */
  readonly failpoints: string;
}

/** Reads the settings; throws a sentence a line for what is wrong. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const read = settingsSchema.safeParse(env);
  if (!read.success) {
    throw new Error(read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const { TESSERA_SMTP_URL: url, TESSERA_SMTP_FROM: from } = read.data;
  return {
    logLevel: read.data.TESSERA_LOG_LEVEL,
    databaseUrl: read.data.DATABASE_URL === '' ? undefined : read.data.DATABASE_URL,
    allowedOrigins: read.data.TESSERA_ORIGINS,
    trustedProxies: read.data.TESSERA_PROXIES,
    help: read.data.TESSERA_HELP,
    smtp: url === undefined ? undefined : { url, from },
    failpoints: read.data.TESSERA_FAILPOINTS,
  };
}
