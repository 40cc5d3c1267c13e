import { setTimeout as sleep } from 'node:timers/promises';
import { connect, enrol } from '../../bench/redemptions/connect.ts';
import type { BenchInstallation } from '../../bench/redemptions/fleet.ts';
import type { Ask, BenchKiosk } from '../../bench/redemptions/kiosk.ts';

/** What kiosks were told, and when: kept outside of every database. */
export class Told {
  /** Redemptions whose capture was acknowledged. */
  readonly captured = new Set<string>();
  /** When each was, ms that only rise. */
  readonly at: number[] = [];
  /** Answers that asked the kiosk to come again. */
  later = 0;
  /** Answers that should never be given. */
  readonly faults: string[] = [];
}

const ASK_AGAIN = new Set(['unavailable', 'overloaded']);
const PAUSE_MS = 50;
const SESSION_MS = 300_000;

type Answer = { readonly ok: boolean; readonly state?: string; readonly problem?: { readonly code: string } };

/** A kiosk's patience: what the server cannot take just now is asked again, as the daemon does, with the same id. */
const patient =
  (told: Told) =>
  (ask: Ask): Ask =>
  async (event, request) => {
    for (;;) {
      const answer = (await ask(event, request)) as Answer;
      if (!answer.ok && ASK_AGAIN.has(answer.problem?.code ?? '')) {
        told.later += 1;
        await sleep(PAUSE_MS);
        continue;
      }
      if (!answer.ok) told.faults.push(`${event}: ${JSON.stringify(answer.problem)}`);
      if (event === 'outcome' && answer.state === 'captured') {
        told.captured.add((request as { redemptionId: string }).redemptionId);
        told.at.push(performance.now());
      }
      return answer;
    }
  };

/** Kiosks on real sockets, each redeeming one gift after the other until they are told to stop. */
export class Crowd {
  readonly told = new Told();
  readonly #kiosks: readonly BenchKiosk[];
  #stopped = false;
  #work: Promise<unknown> = Promise.resolve();

  private constructor(told: Told, kiosks: readonly BenchKiosk[]) {
    this.told = told;
    this.#kiosks = kiosks;
  }

  static async arrive(url: string, fleet: readonly BenchInstallation[]): Promise<Crowd> {
    const told = new Told();
    const kiosks = await Promise.all(
      fleet.map(async (each, index) => connect(url, await enrol(url, each, index), each, patient(told))),
    );
    return new Crowd(told, kiosks);
  }

  start(): void {
    this.#work = Promise.all(this.#kiosks.map((kiosk) => this.#redeem(kiosk)));
  }

  /** Lets each finish what it has begun. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#work;
  }

  async #redeem(kiosk: BenchKiosk): Promise<void> {
    let signedIn = -Infinity;
    while (!this.#stopped) {
      if (performance.now() - signedIn > SESSION_MS) {
        await kiosk.signIn();
        signedIn = performance.now();
      }
      await kiosk.redeem();
    }
  }
}
