import { createHash } from 'node:crypto';
import type { PostJson } from '../enrolment/enrol.ts';
import type { FetchPicture } from '../store/pictures.ts';

const MAX_PICTURE_BYTES = 512 * 1024;

/** Fetches pictures from the server by HTTP; anything but a plain success is undefined. */
export const httpPictures =
  (serverUrl: string, timeoutMs: number): FetchPicture =>
  async (path) => {
    try {
      const response = await fetch(new URL(path, serverUrl), {
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
      });
      const length = Number(response.headers.get('content-length') ?? Number.POSITIVE_INFINITY);
      if (!response.ok || length > MAX_PICTURE_BYTES) return undefined;
      return new Uint8Array(await response.arrayBuffer());
    } catch {
      return undefined;
    }
  };

/**
 * Posts JSON to the server and reads its JSON answer, also that of a refusal; undefined where there is none.
 * The idempotency key follows from the body: a second try of the same request gets the first one's answer.
 */
export const httpPostJson =
  (serverUrl: string, timeoutMs: number): PostJson =>
  async (path, body) => {
    const text = JSON.stringify(body);
    const key = createHash('sha256').update(`${path}\n${text}`).digest('hex');
    try {
      const response = await fetch(new URL(path, serverUrl), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
        body: text,
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
      });
      return await response.json();
    } catch {
      return undefined;
    }
  };
