import * as z from 'zod/mini';
import { MAX_AMOUNT } from '../points.ts';

// A check is a method call, which a bundler must keep unless it is told that it is pure: the kiosk's screen uses none of these.

/** A kiosk's id: `k` and a ULID in the same characters. */
export const kioskIdSchema = /* @__PURE__ */ z.string().check(z.regex(/^k[0-7][0-9A-HJKMNP-TV-Z]{25}$/));
/** A slot's number on its cabinet, as printed beside it: 1 to 99. */
export const slotSchema = /* @__PURE__ */ z.int().check(z.minimum(1), z.maximum(99));
/** Whole points, not negative. */
export const pointsSchema = /* @__PURE__ */ z.int().check(z.minimum(0), z.maximum(MAX_AMOUNT));
/** Four to eight digits. */
export const pinSchema = /* @__PURE__ */ z.string().check(z.regex(/^[0-9]{4,8}$/));
/** The languages every screen speaks; `ar` is the right-to-left one. */
export const languageSchema = z.enum(['zh', 'en', 'ar']);
export type Language = z.infer<typeof languageSchema>;
/** A short text in each language. */
export const localisedSchema = z.object({ zh: z.string(), en: z.string(), ar: z.string() });
export type Localised = z.infer<typeof localisedSchema>;
