import { problem, problemSchema, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';

/** Where the running server is, and who we are to it. */
export type Target = { readonly url: string; readonly token: string | undefined };

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The HTTP API of the running server, as the command line and the demo seed speak it. */
export interface Api {
  readonly target: Target;
  get<T>(path: string, answer: z.ZodType<T>, query?: Query): Promise<Result<T, Problem>>;
  /** `key` is the Idempotency-Key: the same key and body have one effect, however often they are sent. */
  post<T>(path: string, answer: z.ZodType<T>, body: unknown, key: string): Promise<Result<T, Problem>>;
  put<T>(path: string, answer: z.ZodType<T>, body: unknown, key: string): Promise<Result<T, Problem>>;
  patch<T>(path: string, answer: z.ZodType<T>, body: unknown, key: string): Promise<Result<T, Problem>>;
  /** Sends bytes as they are, for pictures. */
  upload<T>(path: string, answer: z.ZodType<T>, file: Upload, key: string): Promise<Result<T, Problem>>;
  /** Reads bytes as they are, and the cursor that leads on. */
  page(path: string, query: Query): Promise<Result<BytesPage, Problem>>;
  /** Follows the cursors to the end of a list, or to `limit` rows. */
  all<T>(path: string, item: z.ZodType<T>, query?: Query, limit?: number): Promise<Result<T[], Problem>>;
}

export type Upload = { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> };

/** A page of bytes; no cursor on the last one. */
export type BytesPage = { readonly bytes: Uint8Array; readonly nextCursor: string | undefined };

type Call = {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly query?: Query;
};

const PAGE = 200;

function addressOf(base: string, path: string, query: Query = {}): URL {
  const address = new URL(path, base.endsWith('/') ? base : `${base}/`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) address.searchParams.set(name, String(value));
  }
  return address;
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** Whoever answers something else is another program behind a mistyped address, or a release of another year. */
function answerFrom<T>(url: string, read: z.ZodSafeParseResult<T>): Result<T, Problem> {
  if (read.success) return ok(read.data);
  const detail = `What answers at ${url} does not speak as this Tessera does. Check --url; if it is right, use its own "tessera".`;
  return err(problem('unavailable', { detail }));
}

/** Makes the client of one server. `fetch` is injected, so that tests may answer in its place. */
export function createApi(target: Target, send: typeof fetch): Api {
  async function ask(request: Call): Promise<Result<Response, Problem>> {
    const authorization = target.token === undefined ? {} : { authorization: `Bearer ${target.token}` };
    try {
      const response = await send(addressOf(target.url, request.path, request.query), {
        method: request.method,
        headers: { accept: 'application/json', ...authorization, ...request.headers },
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      return ok(response);
    } catch {
      return err(
        problem('unavailable', {
          detail: `No Tessera server answers at ${target.url}. Start one with "tessera serve", or name another with --url.`,
        }),
      );
    }
  }

  async function call<T>(answer: z.ZodType<T>, request: Call): Promise<Result<T, Problem>> {
    const response = await ask(request);
    if (!response.ok) return response;
    const body = await bodyOf(response.value);
    return response.value.ok ? answerFrom(target.url, answer.safeParse(body)) : refusalOf(response.value, body);
  }

  function refusalOf(response: Response, body: unknown): Result<never, Problem> {
    const refused = problemSchema.safeParse(body);
    if (refused.success) return err(refused.data);
    return err(
      problem('unavailable', { detail: `${target.url} answered ${String(response.status)} without a reason.` }),
    );
  }

  const write =
    (method: string) =>
    <T>(path: string, answer: z.ZodType<T>, body: unknown, key: string): Promise<Result<T, Problem>> =>
      call(answer, {
        method,
        path,
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      });

  return {
    target,
    get: (path, answer, query = {}) => call(answer, { method: 'GET', path, query }),
    post: write('POST'),
    put: write('PUT'),
    patch: write('PATCH'),
    upload: (path, answer, file, key) =>
      call(answer, {
        method: 'PUT',
        path,
        headers: { 'content-type': file.type, 'idempotency-key': key },
        body: file.bytes,
      }),
    async page(path, query) {
      const response = await ask({ method: 'GET', path, query });
      if (!response.ok) return response;
      if (!response.value.ok) return refusalOf(response.value, await bodyOf(response.value));
      const bytes = new Uint8Array(await response.value.arrayBuffer());
      return ok({ bytes, nextCursor: response.value.headers.get('x-next-cursor') ?? undefined });
    },
    async all(path, item, query = {}, limit = Number.POSITIVE_INFINITY) {
      const page = z.object({ items: z.array(item), nextCursor: z.nullish(z.string()) });
      const items: z.output<typeof item>[] = [];
      let cursor: string | undefined;
      do {
        const size = Math.min(PAGE, limit - items.length);
        const answer = await call(page, { method: 'GET', path, query: { ...query, limit: size, cursor } });
        if (!answer.ok) return answer;
        items.push(...answer.value.items);
        cursor = answer.value.nextCursor ?? undefined;
      } while (cursor !== undefined && items.length < limit);
      return ok(items);
    },
  };
}
