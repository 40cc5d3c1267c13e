import { EventEmitter } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import { snapshotSchema, UI_NAMESPACE, type Intent, type ScreenName, type Snapshot } from '@tessera/shared/protocol/ui';
import { PROTOCOL_VERSIONS } from '@tessera/shared/protocol/version';

type Answer = { readonly ok: boolean; readonly problem?: { readonly code: string } };

const ANSWER_MS = 5_000;

/** A thumb on the kiosk's glass without a browser: it sees the snapshots and sends taps, as the screen does. */
export class Thumb {
  readonly #socket: Socket;
  readonly #changes = new EventEmitter();
  #snapshot: Snapshot | undefined;

  constructor(kioskUrl: string) {
    this.#changes.setMaxListeners(100);
    this.#socket = io(`${kioskUrl}${UI_NAMESPACE}`, {
      auth: { protocols: PROTOCOL_VERSIONS },
      transports: ['websocket'],
      reconnectionDelay: 100,
      reconnectionDelayMax: 300,
      extraHeaders: { origin: kioskUrl },
    });
    this.#socket.on('snapshot', (snapshot: unknown) => {
      this.#snapshot = snapshotSchema.parse(snapshot);
      this.#changes.emit('change');
    });
    this.#socket.on('disconnect', () => {
      this.#snapshot = undefined;
      this.#changes.emit('change');
    });
  }

  /** What is on the glass; undefined while the daemon is away. */
  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** Waits until the glass shows what is asked for. */
  until<T>(read: (snapshot: Snapshot | undefined) => T | undefined, what: string, withinMs = 20_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = read(this.#snapshot);
        if (found === undefined) return;
        finish();
        resolve(found);
      };
      const timer = setTimeout(() => {
        finish();
        const { screen } = this.#snapshot ?? {};
        const shown = screen?.name === 'out_of_service' ? `out of service: ${screen.reasons.join(', ')}` : screen?.name;
        const sentence = `The screen did not come to ${what} within ${String(withinMs)} ms`;
        reject(new Error(`${sentence}; it shows ${shown ?? 'nothing'}.`));
      }, withinMs);
      const finish = (): void => {
        clearTimeout(timer);
        this.#changes.off('change', look);
      };
      this.#changes.on('change', look);
      look();
    });
  }

  screen<Name extends ScreenName>(name: Name, withinMs?: number): Promise<Extract<Snapshot['screen'], { name: Name }>> {
    return this.until(
      (snapshot) =>
        snapshot?.screen.name === name ? (snapshot.screen as Extract<Snapshot['screen'], { name: Name }>) : undefined,
      name,
      withinMs,
    );
  }

  /** Taps for what is on the glass now; a tap that came too late for its snapshot is made again. */
  async tap(intent: Intent): Promise<Answer> {
    for (;;) {
      const { epoch, version } = await this.until((snapshot) => snapshot, 'anything');
      const answer = (await this.#socket
        .timeout(ANSWER_MS)
        .emitWithAck('intent', { epoch, version, intent })) as Answer;
      if (answer.ok || answer.problem?.code !== 'stale_tap') return answer;
    }
  }

  /** Says anything under any name, and answers the acknowledgement; undefined where none came in time, or nobody is there. */
  send(name: string, ...words: readonly unknown[]): Promise<unknown> {
    return this.#socket
      .timeout(ANSWER_MS)
      .emitWithAck(name, ...words)
      .catch(() => undefined) as Promise<unknown>;
  }

  close(): void {
    this.#socket.close();
  }
}
