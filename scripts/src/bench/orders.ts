import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a process answers that could not do what it was told. */
type Failed = { readonly type: 'failed'; readonly error: string };

/** A process that does what it is told, one order after the other, seen from its parent. */
export class Ordered<Order extends object, Answer extends { readonly type: string }> {
  readonly #child: ChildProcess;

  /** @param entry the built file of the process, which calls `serveOrders` */
  constructor(entry: URL, args: readonly string[], execArgv: readonly string[] = []) {
    this.#child = fork(fileURLToPath(entry), args, { execArgv: [...execArgv] });
  }

  /** Resolves with what came of an order; rejects where it failed or the process ended. */
  ask(order: Order): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const gone = (): void => {
        reject(new Error('A load process ended by itself.'));
      };
      this.#child.once('exit', gone);
      this.#child.once('message', (answer: Answer | Failed) => {
        this.#child.off('exit', gone);
        if (isFailed(answer)) reject(new Error(answer.error));
        else resolve(answer);
      });
      this.#child.send(order);
    });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
  }
}

const isFailed = (answer: { readonly type: string }): answer is Failed => answer.type === 'failed';

/** The life of such a process: does what its parent orders and says when it is done, until it is told to end. */
export function serveOrders(handle: (order: never) => Promise<object>, close: () => Promise<void>): void {
  const failed = (cause: unknown): Failed => ({ type: 'failed', error: String(cause) });
  const exit = (): void => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('message', (order) => {
    // A message has no type; the parent's `Ordered` has that of `handle`.
    void handle(order as never)
      .catch(failed)
      .then((answer) => process.send?.(answer));
  });
  process.on('SIGTERM', exit);
  process.on('disconnect', exit);
}
