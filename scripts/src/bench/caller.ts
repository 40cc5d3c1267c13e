import { Agent, request, type OutgoingHttpHeaders } from 'node:http';

/** Somebody who asks a server over connections that stay open: `fetch` would cost more than what is measured. */
export class Caller {
  readonly #url: string;
  readonly #agent: Agent;

  constructor(url: string, connections: number) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  get(path: string, token: string): Promise<string> {
    return this.#send(path, 'GET', { authorization: `Bearer ${token}` }, '');
  }

  /** @param key the Idempotency-Key, where the door asks for one */
  post(path: string, token: string, body: object, key?: string): Promise<string> {
    const text = JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    return this.#send(path, 'POST', headers, text);
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(path: string, method: string, headers: OutgoingHttpHeaders, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request(this.#url + path, { method, agent: this.#agent, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(parts).toString('utf8');
          if ((response.statusCode ?? 500) < 300) resolve(answer);
          else reject(new Error(`${path} answered ${String(response.statusCode)}: ${answer.slice(0, 300)}`));
        });
      });
      sent.on('error', reject);
      sent.end(text);
    });
  }
}
