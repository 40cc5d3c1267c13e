import type { Problem } from '@tessera/shared/problem';
import type { Result } from '@tessera/shared/result';
import type * as z from 'zod';
import { createApi, type Api } from '../client/api.ts';

/** A refusal on the way through many steps; `seedDemo` turns it back into a value at its face. */
export class StepRefused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

/** The value of a step, or the end of the whole. */
export function must<T>(result: Result<T, Problem>): T {
  if (!result.ok) throw new StepRefused(result.error);
  return result.value;
}

/** The API with keys that are the same on every run: what was made before is answered again, not made twice. */
export interface Steps {
  readonly api: Api;
  make<T>(path: string, answer: z.ZodType<T>, body: unknown, key: string): Promise<T>;
  replace<T>(path: string, answer: z.ZodType<T>, body: unknown, key: string): Promise<T>;
  read<T>(path: string, answer: z.ZodType<T>): Promise<T>;
  list<T>(path: string, item: z.ZodType<T>): Promise<T[]>;
  /** The same steps as another principal. */
  as(token: string): Steps;
}

/** @param prefix tells one installation's and one seed's keys from another's */
export function stepsOf(api: Api, prefix: string, send: typeof fetch): Steps {
  const keyOf = (key: string): string => `${prefix}-${key}`;
  return {
    api,
    make: async (path, answer, body, key) => must(await api.post(path, answer, body, keyOf(key))),
    replace: async (path, answer, body, key) => must(await api.put(path, answer, body, keyOf(key))),
    read: async (path, answer) => must(await api.get(path, answer)),
    list: async (path, item) => must(await api.all(path, item)),
    as: (token) => stepsOf(createApi({ url: api.target.url, token }, send), prefix, send),
  };
}
