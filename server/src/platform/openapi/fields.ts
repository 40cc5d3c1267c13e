import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';

/** A point in time as the API writes it: milliseconds since the Unix epoch. */
export const atMs = z.int().min(0).describe('Milliseconds since the Unix epoch.');
/** A name or a line of text for people: trimmed, not empty, no control characters. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, 'No control characters.');
/** A longer text: line feeds are fine. */
export const text = (max: number) => z.string().trim().max(max);
/** The parameters of an address with one ULID in it. */
export const idParams = <Name extends string>(name: Name) =>
  z.object({ [name]: ulidSchema } as Record<Name, typeof ulidSchema>);
/** An ISO 4217 currency code. */
export const currency = z.string().regex(/^[A-Z]{3}$/);
