import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import { session } from '../state/session.ts';
import { say } from '../state/language.ts';

type Call = {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly key?: string;
  readonly etag?: string;
};

/** What the server said: fresh data, or that nothing has changed since `etag`. */
export type Answer<T> = { readonly data: T; readonly etag: string | null } | 'unchanged';

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'title' in body;

function headersOf(call: Call): Headers {
  const headers = new Headers({ accept: 'application/json' });
  const token = session.value?.token;
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (call.body !== undefined) headers.set('content-type', 'application/json');
  if (call.key !== undefined) headers.set('idempotency-key', call.key);
  if (call.etag !== undefined) headers.set('if-none-match', call.etag);
  return headers;
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** Calls the server of this page. An expired session signs out; the caller's type describes what the endpoint documents. */
export async function call<T>(path: string, request: Call = {}): Promise<Result<Answer<T>, Problem>> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: request.method ?? 'GET',
      headers: headersOf(request),
      cache: 'no-store',
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
  } catch {
    return err(problem('unavailable', { detail: say('unreachable') }));
  }
  if (response.status === 304) return ok('unchanged');
  const body = await jsonOf(response);
  if (response.ok) return ok({ data: body as T, etag: response.headers.get('etag') });
  if (response.status === 401 && session.value !== undefined) session.value = undefined;
  return err(isProblem(body) ? body : problem('unavailable', { detail: `HTTP ${String(response.status)}` }));
}

/** Reads once. */
export async function get<T>(path: string): Promise<Result<T, Problem>> {
  const answer = await call<T>(path);
  if (!answer.ok) return answer;
  return answer.value === 'unchanged' ? err(problem('internal')) : ok(answer.value.data);
}

/** Sends a change; the same key and body have one effect. */
export async function post<T>(path: string, body: unknown, key: string): Promise<Result<T, Problem>> {
  const answer = await call<T>(path, { method: 'POST', body, key });
  if (!answer.ok) return answer;
  return answer.value === 'unchanged' ? err(problem('internal')) : ok(answer.value.data);
}
