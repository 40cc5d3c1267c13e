import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';
import { isTimeZone } from '../clock/local-time.ts';

/** The last moment that a calendar (`Date`) has. */
const LAST_MS = 8_640_000_000_000_000;
/** A point in time as the API writes it: milliseconds since the Unix epoch. */
export const atMs = z.int().min(0).max(LAST_MS).describe('Milliseconds since the Unix epoch.');
const NO_CONTROLS = 'No control characters and no half characters.';
/**
 * A name or a line of text for people: trimmed, not empty, no control characters. Nor half a surrogate pair, which the
 * database would keep as another character: two references that differ would become one.
 */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, NO_CONTROLS);
/** A longer text: line feeds and tabs are fine. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^(?:[\t\n\r]|[^\p{Cc}\p{Cs}])*$/u, NO_CONTROLS);
/** The parameters of an address with one ULID in it. */
export const idParams = <Name extends string>(name: Name) =>
  z.object({ [name]: ulidSchema } as Record<Name, typeof ulidSchema>);
/** An ISO 4217 currency code. */
export const currency = z.string().regex(/^[A-Z]{3}$/);
/** The IANA name of a time zone. */
export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'Send an IANA time zone, e.g. Europe/Berlin.')
  .describe('An IANA time zone, e.g. `Europe/Berlin`.');
