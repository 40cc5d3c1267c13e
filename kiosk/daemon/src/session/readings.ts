import { looksLikePickupCode } from '@tessera/shared/credentials/pickup-code';
import { parseRotatingQr } from '@tessera/shared/credentials/rotating-qr';
import { cardUidSchema } from '@tessera/shared/ids/card-number';
import type { SessionEvent } from './events.ts';

/** The longest text that any of our codes has; a longer one is garbage or an attack. */
const MAX_TEXT = 600;

/** What a scanned text means to be; says nothing about its truth. */
export function readScan(text: string): SessionEvent {
  const trimmed = text.trim();
  if (trimmed.length > MAX_TEXT) return { type: 'scan_unknown' };
  if (looksLikePickupCode(trimmed)) return { type: 'scan_pickup', text: trimmed };
  if (parseRotatingQr(trimmed)) return { type: 'scan_member', text: trimmed };
  return { type: 'scan_unknown' };
}

/** A card's UID as an event; undefined for anything that is not one. */
export function readCard(text: string): SessionEvent | undefined {
  const uid = cardUidSchema.safeParse(text.trim().toUpperCase());
  return uid.success ? { type: 'card', uid: uid.data } : undefined;
}
