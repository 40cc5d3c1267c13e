import { useRef, useState } from 'preact/hooks';
import type { Problem } from '@tessera/shared/problem';
import { post } from '../api/client.ts';
import { freshKey } from '../system.ts';

export type Sending<T> = {
  readonly busy: boolean;
  readonly problem: Problem | undefined;
  readonly answer: T | undefined;
  send(path: string, body: unknown): Promise<boolean>;
};

/**
 * Sends one change at a time. A repeat of the same words after a lost answer keeps its Idempotency-Key, so that
 * pressing again cannot load a slot twice; other words, or a success, take a new key.
 */
export function useSend<T>(after: () => void): Sending<T> {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [answer, setAnswer] = useState<T>();
  const attempt = useRef<{ words: string; key: string } | undefined>(undefined);
  async function send(path: string, body: unknown): Promise<boolean> {
    if (busy) return false;
    const words = `${path}\n${JSON.stringify(body)}`;
    if (attempt.current?.words !== words) attempt.current = { words, key: freshKey() };
    setBusy(true);
    setProblem(undefined);
    setAnswer(undefined);
    const result = await post<T>(path, body, attempt.current.key);
    setBusy(false);
    if (!result.ok) {
      // A refusal is final for its key; only an answer that never came may be repeated under it.
      if (result.error.status < 500) attempt.current = undefined;
      setProblem(result.error);
      return false;
    }
    attempt.current = undefined;
    setAnswer(result.value);
    after();
    return true;
  }
  return { busy, problem, answer, send };
}
