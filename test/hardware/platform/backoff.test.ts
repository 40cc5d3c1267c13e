import { expect } from 'chai';
import { Backoff } from '@tessera/hardware/platform/backoff';
import { newTime, pass } from '../support/time.ts';

/** Something that fails again and again; answers at which times it was tried. */
function failing(times: { firstMs: number; mostMs: number }) {
  const time = newTime();
  const startMs = time.nowMs;
  const triedAtMs: number[] = [];
  const backoff = new Backoff(time, times);
  const attempt = (): void => {
    triedAtMs.push(time.nowMs - startMs);
    backoff.retry(attempt);
  };
  return { time, backoff, attempt, triedAtMs };
}

describe('hardware: the space between tries', () => {
  it('doubles up to its longest', async () => {
    const { time, backoff, attempt, triedAtMs } = failing({ firstMs: 20, mostMs: 100 });
    backoff.retry(attempt);
    await pass(time, 350);
    expect(triedAtMs).to.deep.equal([20, 60, 140, 240, 340]);
  });

  it('starts again from its shortest once something worked', async () => {
    const { time, backoff, attempt, triedAtMs } = failing({ firstMs: 20, mostMs: 100 });
    backoff.retry(attempt);
    await pass(time, 150);
    backoff.reset();
    backoff.retry(attempt);
    await pass(time, 21);
    expect(triedAtMs).to.deep.equal([20, 60, 140, 170]);
  });

  it('has one try waiting at most, and none after it was stopped', async () => {
    const { time, backoff, attempt, triedAtMs } = failing({ firstMs: 20, mostMs: 20 });
    backoff.retry(attempt);
    backoff.retry(attempt);
    await pass(time, 25);
    expect(triedAtMs).to.deep.equal([20]);
    backoff.stop();
    await pass(time, 1_000);
    expect(triedAtMs).to.deep.equal([20]);
  });
});
