import { connect } from 'node:net';
import type { Cancel, Scheduler } from '@tessera/shared/ports';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Edge, HardwareProblem } from '../ports.ts';
import { jsonPeer, type JsonPeer } from '../wire/json-peer.ts';
import { CABINET_PROTOCOL, fromCabinetSchema, type FromCabinet, type ToCabinet } from './cabinet-protocol.ts';

type Distribute<T> = T extends { id: number } ? Omit<T, 'id'> : never;
/** A message that the cabinet answers by its id. */
export type CabinetRequest = Distribute<ToCabinet>;

type Waiting = { readonly settle: (answer: Result<boolean, HardwareProblem>) => void; readonly cancel: Cancel };

const gone: HardwareProblem = { code: 'gone', detail: 'The connection to the cabinet is lost.' };

/** One conversation with the simulated cabinet. Once lost it stays lost: open another. */
export class CabinetConnection {
  readonly #scheduler: Scheduler;
  readonly #answerMs: number;
  readonly #peer: JsonPeer;
  readonly #waiting = new Map<number, Waiting>();
  readonly #edgeListeners: ((edge: Edge) => void)[] = [];
  readonly #lostListeners: (() => void)[] = [];
  readonly #greeted: (result: Result<CabinetConnection, HardwareProblem>) => void;
  #nextId = 1;
  #open = true;

  private constructor(
    path: string,
    scheduler: Scheduler,
    answerMs: number,
    greeted: (result: Result<CabinetConnection, HardwareProblem>) => void,
  ) {
    this.#scheduler = scheduler;
    this.#answerMs = answerMs;
    this.#greeted = greeted;
    this.#peer = jsonPeer(connect(path), fromCabinetSchema, {
      onMessage: (message) => {
        this.#receive(message);
      },
      onGarbage: () => {
        this.#peer.destroy();
      },
      onClose: () => {
        this.#lose();
      },
    });
    this.#peer.send({ type: 'hello', version: CABINET_PROTOCOL } satisfies ToCabinet);
  }

  /** Connects and greets; `gone` where nobody listens. A request without an answer within `answerMs` ends the connection. */
  static open(
    path: string,
    { scheduler, answerMs = 2_000 }: { scheduler: Scheduler; answerMs?: number },
  ): Promise<Result<CabinetConnection, HardwareProblem>> {
    return new Promise((resolve) => {
      const connection = new CabinetConnection(path, scheduler, answerMs, (result) => {
        cancel();
        resolve(result);
      });
      const cancel = scheduler.after(answerMs, () => {
        connection.close();
      });
    });
  }

  /** Asks, and gives the answer: the level for `read`, true for the rest. */
  ask(request: CabinetRequest): Promise<Result<boolean, HardwareProblem>> {
    const id = this.#nextId++;
    return new Promise((settle) => {
      if (!this.#open || !this.#peer.send({ ...request, id })) {
        settle(err(gone));
        return;
      }
      const cancel = this.#scheduler.after(this.#answerMs, () => {
        this.#settle(id, err({ code: 'timeout', detail: 'The cabinet does not answer.' }));
        this.close();
      });
      this.#waiting.set(id, { settle, cancel });
    });
  }

  onEdge(listener: (edge: Edge) => void): void {
    this.#edgeListeners.push(listener);
  }

  /** Called once; at once where it is lost already. */
  onLost(listener: () => void): void {
    if (this.#open) this.#lostListeners.push(listener);
    else listener();
  }

  close(): void {
    this.#peer.destroy();
  }

  #receive(message: FromCabinet): void {
    switch (message.type) {
      case 'hello':
        this.#greeted(ok(this));
        break;
      case 'done':
        this.#settle(message.id, ok(message.active ?? true));
        break;
      case 'refused':
        this.#settle(message.id, err({ code: message.code, detail: message.detail }));
        break;
      case 'edge':
        for (const listener of this.#edgeListeners) listener(message);
        break;
      case 'problem':
        this.#peer.destroy();
        break;
    }
  }

  #settle(id: number, answer: Result<boolean, HardwareProblem>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.cancel();
    waiting?.settle(answer);
  }

  #lose(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#greeted(err(gone));
    for (const id of [...this.#waiting.keys()]) this.#settle(id, err(gone));
    for (const listener of this.#lostListeners.splice(0)) listener();
  }
}
