import type { BenchKiosk, Timing } from './kiosk.ts';

/** What came of one stretch of load. */
export type Stretch = { readonly redemptions: number; readonly seconds: number; readonly timings: readonly Timing[] };

/** Sent to the processes that make load, and what they answer. */
export type LoadOrder =
  | { readonly type: 'prepare'; readonly url: string; readonly fleetFile: string }
  | { readonly type: 'sign_in' }
  | { readonly type: 'run'; readonly seconds: number };
export type LoadAnswer =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly stretch: Stretch }
  | { readonly type: 'failed'; readonly error: string };

/** Every kiosk redeems, one redemption after the other, until the time is over. */
export async function drive(kiosks: readonly BenchKiosk[], seconds: number): Promise<Stretch> {
  const timings: Timing[] = [];
  const started = performance.now();
  const until = started + seconds * 1000;
  await Promise.all(
    kiosks.map(async (kiosk) => {
      while (performance.now() < until) timings.push(await kiosk.redeem());
    }),
  );
  return { redemptions: timings.length, seconds: (performance.now() - started) / 1000, timings };
}

/** The life of a process that makes load: does what its parent orders and says when it is done, until it is told to end. */
export function serveOrders(handle: (order: LoadOrder) => Promise<LoadAnswer>, close: () => Promise<void>): void {
  const failed = (cause: unknown): LoadAnswer => ({ type: 'failed', error: String(cause) });
  const exit = (): void => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('message', (order: LoadOrder) => {
    void handle(order)
      .catch(failed)
      .then((answer) => process.send?.(answer));
  });
  process.on('SIGTERM', exit);
  process.on('disconnect', exit);
}
