import { createApi, type Api, type Query } from '@tessera/server/client/api';
import type { Problem, ProblemCode } from '@tessera/shared/problem';
import type { Result } from '@tessera/shared/result';
import * as z from 'zod';

/** A promise was broken, or an answer came that nobody should ever get: the journey ends here. */
export class Broken extends Error {}

export const anything = z.looseObject({});

/** The API of the travelling server, as tills, staff and members use it. */
export class Desk {
  readonly #url: string;
  readonly #apis = new Map<string, Api>();
  #keys = 0;
  /** Requests so far. */
  asked = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Asks for something that must be there. */
  async get<T>(token: string, path: string, answer: z.ZodType<T>, query?: Query): Promise<T> {
    this.asked += 1;
    return must(`GET ${path}`, await this.#api(token).get(path, answer, query));
  }

  /** Sends something that must be done. */
  async must<T>(token: string, path: string, answer: z.ZodType<T>, body: object = {}): Promise<T> {
    return must(`POST ${path}`, await this.#post(token, path, answer, body));
  }

  /** Sends something that may be refused for one of these reasons; answers the reason then. */
  async try<T>(
    token: string,
    path: string,
    answer: z.ZodType<T>,
    body: object,
    reasons: readonly ProblemCode[],
  ): Promise<Result<T, ProblemCode>> {
    const done = await this.#post(token, path, answer, body);
    if (!done.ok && reasons.includes(done.error.code)) return { ok: false, error: done.error.code };
    return { ok: true, value: must(`POST ${path}`, done) };
  }

  async put(token: string, path: string, body: object): Promise<void> {
    this.asked += 1;
    must(`PUT ${path}`, await this.#api(token).put(path, anything, body, this.#key()));
  }

  /** A file as it comes. */
  async text(token: string, path: string): Promise<string> {
    this.asked += 1;
    const { bytes } = must(`GET ${path}`, await this.#api(token).page(path, {}));
    return Buffer.from(bytes).toString('utf8');
  }

  #post<T>(token: string, path: string, answer: z.ZodType<T>, body: object): Promise<Result<T, Problem>> {
    this.asked += 1;
    return this.#api(token).post(path, answer, body, this.#key());
  }

  #api(token: string): Api {
    const known = this.#apis.get(token);
    if (known) return known;
    const made = createApi({ url: this.#url, token: token === '' ? undefined : token }, fetch);
    this.#apis.set(token, made);
    return made;
  }

  #key(): string {
    this.#keys += 1;
    return `travel-${String(this.#keys)}`;
  }
}

function must<T>(what: string, result: Result<T, Problem>): T {
  if (!result.ok) throw new Broken(`${what} was refused: ${JSON.stringify(result.error)}`);
  return result.value;
}
