import type { Words } from '../words/index.ts';

export type Note = {
  readonly code: string;
  readonly attemptsLeft?: number | undefined;
  readonly retryAfterMs?: number | undefined;
} | null;

/** A remark as sentences: what was refused, how many tries are left, when to try again. Empty for none. */
export function noteText(note: Note, words: Words): string {
  if (note === null) return '';
  const parts = [words.notes[note.code] ?? words.notes.other];
  if (note.attemptsLeft !== undefined) parts.push(words.attemptsLeft(note.attemptsLeft));
  if (note.retryAfterMs !== undefined) parts.push(words.retryIn(Math.ceil(note.retryAfterMs / 1000)));
  return parts.join(words.language === 'zh' ? '' : ' ');
}
