import type { Socket } from 'node:net';
import { problem, type ProblemCode } from '@tessera/shared/problem';
import type { Result } from '@tessera/shared/result';
import { CABINET_PROTOCOL, toCabinetSchema, type FromCabinet, type ToCabinet } from '../lines/cabinet-protocol.ts';
import type { HardwareProblem, OutputLine } from '../ports.ts';
import { jsonPeer, type JsonPeer } from '../wire/json-peer.ts';
import { serveUnix, type UnixServer } from '../wire/unix-server.ts';
import type { CabinetLines } from './lines.ts';
import type { CabinetLog } from './log-events.ts';
import type { Counters } from './metrics.ts';

export type LinesServerDependencies = {
  readonly lines: CabinetLines;
  readonly counters: Counters;
  readonly log: CabinetLog;
};

/** One process on the cabinet's terminals. Its death frees its outputs and leaves them as they are driven. */
class LinesConnection {
  readonly #deps: LinesServerDependencies;
  readonly #peer: JsonPeer;
  readonly #ends: (() => void)[] = [];
  #opened: readonly OutputLine[] = [];
  #claimed = false;
  #greeted = false;

  constructor(socket: Socket, deps: LinesServerDependencies) {
    this.#deps = deps;
    this.#peer = jsonPeer(socket, toCabinetSchema, {
      onMessage: (message) => {
        this.#receive(message);
      },
      onGarbage: (code, detail) => {
        this.#refuse(code, detail);
      },
      onClose: () => {
        for (const end of this.#ends) end();
        if (this.#claimed) deps.log('lines_orphaned');
        deps.lines.orphan(this);
      },
    });
  }

  #receive(message: ToCabinet): void {
    if (message.type === 'hello') {
      if (message.version !== CABINET_PROTOCOL) {
        this.#refuse('unsupported_protocol');
        return;
      }
      this.#greeted = true;
      this.#send({ type: 'hello', version: CABINET_PROTOCOL });
      return;
    }
    if (!this.#greeted) {
      this.#refuse('hello_required');
      return;
    }
    this.#serve(message);
  }

  #serve(message: Exclude<ToCabinet, { type: 'hello' }>): void {
    const { lines, log } = this.#deps;
    switch (message.type) {
      case 'claim': {
        const claimed = lines.claim(this, message.lines);
        this.#claimed ||= claimed.ok;
        if (claimed.ok) log('lines_claimed', { lines: message.lines.length });
        this.#answer(message.id, claimed);
        break;
      }
      case 'set':
        this.#answer(message.id, lines.set(this, message.line, message.active));
        break;
      case 'release':
        lines.release(this);
        this.#claimed = false;
        this.#send({ type: 'done', id: message.id });
        break;
      case 'open':
        this.#open(message.id, message.lines);
        break;
      case 'read':
        this.#read(message.id, message.line);
        break;
    }
  }

  #open(id: number, wanted: readonly OutputLine[]): void {
    const { lines } = this.#deps;
    const missing = wanted.find(({ line }) => !lines.hasInput(line));
    if (missing) {
      this.#send({ type: 'refused', id, code: 'no_such_line', detail: `There is no input ${String(missing.line)}.` });
      return;
    }
    this.#opened = [...this.#opened, ...wanted];
    this.#ends.push(lines.watch(wanted, ({ line, active, atMs }) => this.#send({ type: 'edge', line, active, atMs })));
    this.#send({ type: 'done', id });
  }

  #read(id: number, line: number): void {
    const opened = this.#opened.find((each) => each.line === line);
    const level = opened && this.#deps.lines.read(opened);
    if (level?.ok === true) this.#send({ type: 'done', id, active: level.value });
    else this.#send({ type: 'refused', id, code: 'refused', detail: 'Open the input before you read it.' });
  }

  #answer(id: number, result: Result<void, HardwareProblem>): void {
    if (result.ok) {
      this.#send({ type: 'done', id });
      return;
    }
    const { code, detail } = result.error;
    this.#send({ type: 'refused', id, code: code === 'busy' || code === 'no_such_line' ? code : 'refused', detail });
  }

  #refuse(code: ProblemCode, detail?: string): void {
    this.#deps.counters.count('tessera_cabinet_refusals_total', `door="lines",code="${code}"`);
    this.#deps.log('message_refused', { code, detail });
    const extras = detail === undefined ? {} : { detail };
    this.#peer.end({ type: 'problem', problem: problem(code, extras) } satisfies FromCabinet);
  }

  #send(message: FromCabinet): void {
    this.#peer.send(message);
  }
}

/** Puts the cabinet's terminals on a Unix socket. */
export function serveLines(socketPath: string, deps: LinesServerDependencies): Promise<UnixServer> {
  return serveUnix(socketPath, (socket) => {
    new LinesConnection(socket, deps);
  });
}
