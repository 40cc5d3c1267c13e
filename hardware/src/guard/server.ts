import type { Socket } from 'node:net';
import type { Failpoints } from '@tessera/shared/ports';
import { problem, type ProblemCode } from '@tessera/shared/problem';
import type { HardwareProblem, PulseEnd } from '../ports.ts';
import type { Result } from '@tessera/shared/result';
import { jsonPeer, type JsonPeer } from '../wire/json-peer.ts';
import { serveUnix, type UnixServer } from '../wire/unix-server.ts';
import type { GuardCore, GuardSession } from './core.ts';
import type { GuardFailpoint } from './failpoints.ts';
import type { GuardLog } from './log-events.ts';
import { GUARD_PROTOCOL, toGuardSchema, type FromGuard, type ToGuard } from './protocol.ts';

export type GuardServerDependencies = {
  readonly core: GuardCore;
  readonly failpoints: Failpoints;
  readonly log: GuardLog;
};

/** One connection to the guard, from its first byte to its last. */
class GuardConnection {
  readonly #deps: GuardServerDependencies;
  readonly #count: { refusals: number };
  readonly #peer: JsonPeer;
  #session: GuardSession | undefined;
  #greeted = false;

  constructor(socket: Socket, deps: GuardServerDependencies, count: { refusals: number }) {
    this.#deps = deps;
    this.#count = count;
    this.#peer = jsonPeer(socket, toGuardSchema, {
      onMessage: (message) => {
        this.#receive(message);
      },
      onGarbage: (code, detail) => {
        this.#refuse(code, detail);
      },
      onClose: () => {
        this.#session?.close();
      },
    });
  }

  #receive(message: ToGuard): void {
    if (message.type === 'hello') this.#greet(message);
    else if (!this.#greeted) this.#refuse('hello_required');
    else if (message.type === 'beat') this.#beat();
    else if (!this.#session) this.#refuse('forbidden', 'A probe drives nothing.');
    else if (message.type === 'let_go') this.#session.letGo(message.line);
    else void this.#session.pulse(message.line, message.ms).then((result) => this.#answer(message.id, result));
  }

  #greet({ version, role }: Extract<ToGuard, { type: 'hello' }>): void {
    if (version !== GUARD_PROTOCOL) {
      this.#refuse('unsupported_protocol');
      return;
    }
    if (this.#greeted) {
      this.#refuse('malformed', 'Hello is said once.');
      return;
    }
    this.#greeted = true;
    if (role === 'driver') {
      this.#session = this.#deps.core.attach((why) => {
        const fenced =
          why === 'silent'
            ? problem('conflict', { detail: 'The heartbeat was missed.' })
            : problem('kiosk_superseded', { detail: 'A newer driver has taken over.' });
        this.#peer.end({ type: 'problem', problem: fenced } satisfies FromGuard);
      });
    }
    const { ready } = this.#deps.core;
    this.#send({ type: 'hello', version: GUARD_PROTOCOL, ready, refusals: this.#count.refusals });
  }

  #beat(): void {
    this.#session?.beat();
    this.#send({ type: 'beat', ready: this.#deps.core.ready, refusals: this.#count.refusals });
  }

  #answer(id: number, result: Result<PulseEnd, HardwareProblem>): void {
    this.#hit('guard.answer.before');
    if (result.ok) this.#send({ type: 'ended', id, end: result.value });
    else this.#send({ type: 'refused', id, ...result.error });
    this.#hit('guard.answer.after');
  }

  #refuse(code: ProblemCode, detail?: string): void {
    this.#count.refusals += 1;
    this.#deps.log('message_refused', { code, detail });
    this.#session?.close();
    this.#session = undefined;
    const extras = detail === undefined ? {} : { detail };
    this.#peer.end({ type: 'problem', problem: problem(code, extras) } satisfies FromGuard);
  }

  #hit(name: GuardFailpoint): void {
    this.#deps.failpoints.hit(name);
  }

  #send(message: FromGuard): void {
    this.#peer.send(message);
  }
}

/** Puts the guard on its Unix socket. Garbage is refused, counted, and ends its connection with all that it drove. */
export function serveGuard(socketPath: string, deps: GuardServerDependencies): Promise<UnixServer> {
  const count = { refusals: 0 };
  return serveUnix(socketPath, (socket) => {
    new GuardConnection(socket, deps, count);
  });
}
