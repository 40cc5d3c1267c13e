import { isMemberId } from '@tessera/shared/ids/member-id';
import * as z from 'zod';

/** A whole number typed on the command line. */
export const wholeNumber = (about: string, from = 0, to = 1_000_000_000_000) =>
  z
    .string(about)
    .regex(/^-?[0-9]{1,13}$/, about)
    .transform(Number)
    .refine((value) => value >= from && value <= to, about);

const NO_CONTROLS = 'Control characters and half characters cannot be taken.';

/**
 * One line for people. It refuses what the server would: a command of several steps must not be stopped after its first.
 */
export const text = (about: string, longest = 200) =>
  z
    .string(about)
    .trim()
    .min(1, about)
    .max(longest, about)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, NO_CONTROLS);

/** A longer text: line feeds and tabs are fine. */
export const longText = (about: string, longest: number) =>
  z
    .string(about)
    .trim()
    .min(1, about)
    .max(longest, about)
    .regex(/^(?:[\t\n\r]|[^\p{Cc}\p{Cs}])*$/u, NO_CONTROLS);

export const slotNumber = wholeNumber('The slot is the number printed beside it, 1 to 99.', 1, 99);

export const kioskId = z
  .string('Say which kiosk; "tessera kiosk list" shows them.')
  .regex(/^k[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'A kiosk id is k and 26 characters; "tessera kiosk list" shows them.');

export const ulid = (what: string) =>
  z.string(`Say which ${what}.`).regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, `A ${what} id has 26 characters (a ULID).`);

/** A member ID as people type it: with or without spaces. */
export const memberId = z
  .string('Say which member.')
  .transform((typed) => typed.replaceAll(/[\s-]/g, ''))
  .refine(isMemberId, 'A member ID has ten digits, and its check digit must fit.');

export const pin = z.string().regex(/^[0-9]{4,8}$/, 'A PIN has four to eight digits.');

export const language = z.enum(['zh', 'en', 'ar'], 'The language is zh, en or ar.');

/** A day as `2026-12-31`, read in UTC; ms since the epoch. */
export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'A day is written 2026-12-31.')
  .transform((typed) => Date.parse(`${typed}T00:00:00Z`))
  .refine((time) => !Number.isNaN(time), 'There is no such day.');

export const yes = z.boolean().optional();
export const dryRun = z.boolean().optional();

/** The options of every command that is hard to take back. */
export const dangerousOptions = [
  { flags: '--dry-run', about: 'say what would happen and change nothing' },
  { flags: '--yes', about: 'do not ask; for scripts' },
] as const;
