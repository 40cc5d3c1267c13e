import { createHash } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { PostJson } from '../enrolment/enrol.ts';
import type { FetchPicture } from '../store/pictures.ts';

const MAX_ANSWER_BYTES = 512 * 1024;

type Asked = {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers?: Record<string, string>;
  readonly body?: string;
};
type Answered = { readonly status: number; readonly bytes: Uint8Array };

/**
 * One HTTP request, without redirects; undefined where there is no whole answer in time or it is too large.
 * node:http, because the built-in fetch costs the kiosk several megabytes for as long as it runs.
 */
function ask({ url, method, headers = {}, body }: Asked, timeoutMs: number): Promise<Answered | undefined> {
  return new Promise((done) => {
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    const signal = AbortSignal.timeout(timeoutMs);
    const asked = request(url, { method, headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > MAX_ANSWER_BYTES) asked.destroy(new Error('The answer is too large'));
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) }));
      response.on('error', () => done(undefined));
    });
    asked.on('error', () => done(undefined));
    asked.end(body);
  });
}

/** Fetches pictures from the server by HTTP; anything but a plain success is undefined. */
export const httpPictures =
  (serverUrl: string, timeoutMs: number): FetchPicture =>
  async (path) => {
    const answer = await ask({ url: new URL(path, serverUrl), method: 'GET' }, timeoutMs);
    return answer?.status === 200 ? answer.bytes : undefined;
  };

/**
 * Posts JSON to the server and reads its JSON answer, also that of a refusal; undefined where there is none.
 * The idempotency key follows from the body: a second try of the same request gets the first one's answer.
 */
export const httpPostJson =
  (serverUrl: string, timeoutMs: number): PostJson =>
  async (path, value) => {
    const body = JSON.stringify(value);
    const key = createHash('sha256').update(`${path}\n${body}`).digest('hex');
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key };
    const answer = await ask({ url: new URL(path, serverUrl), method: 'POST', headers, body }, timeoutMs);
    try {
      return answer && (JSON.parse(Buffer.from(answer.bytes).toString('utf8')) as unknown);
    } catch {
      return undefined;
    }
  };
