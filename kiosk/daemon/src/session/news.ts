import type { Problem, ProblemCode } from '@tessera/shared/problem';
import type { RedemptionNews } from '../redemption/events.ts';
import type { Note, SessionEvent } from './events.ts';

/** A problem as a remark on the screen: its code, and how many tries or how long. */
export function noteOf({ code, facts, retryAfterMs }: Problem): Note {
  const attemptsLeft = facts?.['attemptsLeft'];
  return {
    code,
    ...(typeof attemptsLeft === 'number' ? { attemptsLeft } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** The member has to show their credential again. */
const sessionEnds: ReadonlySet<ProblemCode> = new Set([
  'session_over',
  'unauthenticated',
  'forbidden',
  'member_suspended',
  'credential_refused',
]);

/** The server's refusal of a redemption, as what the member can do about it. */
function refusal(problem: Problem): SessionEvent {
  const note = noteOf(problem);
  const price = problem.facts?.['price'];
  if (problem.code === 'price_changed' && typeof price === 'number') return { type: 'refused_price', note, price };
  if (sessionEnds.has(problem.code)) return { type: 'refused_session', note };
  return { type: 'refused_choice', note };
}

/** What a running redemption tells, as an event of the session. */
export const eventOfNews = (news: RedemptionNews): SessionEvent =>
  news.type === 'refused' ? refusal(news.problem) : news;
