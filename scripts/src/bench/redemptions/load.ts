import type { BenchKiosk, Timing } from './kiosk.ts';

/** What came of one stretch of load. */
export type Stretch = { readonly redemptions: number; readonly seconds: number; readonly timings: readonly Timing[] };

/** Sent to the processes that make load, and what they answer. */
export type LoadOrder =
  | { readonly type: 'prepare'; readonly url: string; readonly fleetFile: string }
  | { readonly type: 'sign_in' }
  | { readonly type: 'run'; readonly seconds: number };
export type LoadAnswer = { readonly type: 'ready' } | { readonly type: 'done'; readonly stretch: Stretch };

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
