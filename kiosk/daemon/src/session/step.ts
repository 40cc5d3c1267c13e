import { advance } from '@tessera/shared/machine';
import { err, ok, type Result } from '@tessera/shared/result';
import { emptyData, nextData, type SessionData } from './data.ts';
import type { SessionEffect, SessionEvent, SessionState } from './events.ts';
import { session } from './table.ts';

export type Session = { readonly state: SessionState; readonly data: SessionData };

export const newSession: Session = { state: 'starting', data: emptyData };

/**
 * One step of the session: the table says where to and which effects, data.ts what is known then.
 * Pure; a refused event is an error with the table's reason and changes nothing.
 */
export function stepSession(
  { state, data }: Session,
  event: SessionEvent,
): Result<{ readonly next: Session; readonly effects: readonly SessionEffect[] }, string> {
  const step = advance(session, state, event.type);
  if (!step.ok) return err(step.error);
  const { to, effects } = step.value;
  return ok({ next: { state: to, data: nextData(data, event, to) }, effects });
}
