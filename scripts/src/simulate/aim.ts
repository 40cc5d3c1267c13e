import { kioskFaults, type KioskFault } from './coverage.ts';
import type { Network } from './network.ts';
import { between, type SeededChance } from './seeded-chance.ts';
import type { VirtualTime } from './virtual-time.ts';
import { cutMs, type Weather } from './weather.ts';

/** Trouble that is aimed at a state strikes within this; the state lasts at least so long. */
const AIM_MS = 150;
/** A refusal is rare, and over as soon as it is written: it is aimed at more often. */
const REFUSAL = 6;

type AimDependencies = {
  readonly name: string;
  readonly time: VirtualTime;
  readonly chance: SeededChance;
  readonly weather: () => Weather;
  readonly trace: (text: string) => void;
  /** What is aimed at. */
  readonly kiosk: {
    readonly network: Pick<Network, 'cut' | 'doomNext'>;
    fault(what: KioskFault): void;
    crashDaemon(powerCut: boolean): void;
    crashGuard(): void;
    jumpClock(): void;
    exchangeDisk(): void;
  };
  readonly crashServer: () => void;
  /** The server has something to tell the kiosk. */
  readonly nudge: () => void;
  readonly revoke: () => void;
};

/**
 * Trouble that is aimed: after a step of a redemption the disk holds the next one back, and something happens in between.
 * Left to chance alone, most states are too short to be met.
 */
export class Aim {
  /** Until then the disk begins no write. */
  #brakedUntilMs = 0;

  constructor(private readonly deps: AimDependencies) {}

  /** Before each write: waits where an aim holds it back. */
  brake(isAlive: () => boolean): Promise<void> | undefined {
    const { time } = this.deps;
    const leftMs = this.#brakedUntilMs - time.nowMs;
    return leftMs > 0 && isAlive() ? time.sleep(leftMs) : undefined;
  }

  /** A step is in the journal: something may happen right here, before the next one. */
  afterStep(step: unknown): void {
    const { chance, weather, time, trace, name } = this.deps;
    if (!chance.happens(weather().aimedPerStep * (step === 'refuse' ? REFUSAL : 1))) return;
    const fault = chance.pick(kioskFaults);
    trace(`${name} is aimed at: ${fault}`);
    this.#brakedUntilMs = time.nowMs + AIM_MS + chance.integer(AIM_MS * 10);
    time.after(chance.integer(AIM_MS), () => {
      this.#strikes[fault]();
    });
  }

  /** A missing fault does not compile. */
  readonly #strikes: Readonly<Record<KioskFault, () => void>> = {
    daemon_crash: () => {
      this.deps.kiosk.crashDaemon(false);
    },
    power_cut: () => {
      this.deps.kiosk.crashDaemon(true);
    },
    guard_crash: () => {
      this.deps.kiosk.crashGuard();
    },
    server_crash: () => {
      this.deps.crashServer();
    },
    cut: () => {
      this.#cut(false);
    },
    half_open: () => {
      this.#cut(true);
    },
    lost_message: () => {
      this.#doom('lost_message');
    },
    repeated_message: () => {
      this.#doom('repeated_message');
    },
    slow_message: () => {
      this.#doom('slow_message');
    },
    slow_write: () => {
      const { kiosk, time, chance, weather } = this.deps;
      kiosk.fault('slow_write');
      this.#brakedUntilMs = time.nowMs + between(chance, weather().stallMs);
    },
    clock_jump: () => {
      this.deps.kiosk.jumpClock();
    },
    disk_lost: () => {
      this.deps.kiosk.exchangeDisk();
    },
    kiosk_revoked: () => {
      this.deps.revoke();
    },
  };

  #cut(isHalf: boolean): void {
    const { kiosk, chance, weather } = this.deps;
    kiosk.network.cut(cutMs(chance, weather(), weather().dayLongPerAimedCut), isHalf);
  }

  /** The next message suffers it, and the server is given one to send. */
  #doom(fault: Extract<KioskFault, `${string}_message`>): void {
    const { kiosk, nudge } = this.deps;
    kiosk.network.doomNext(fault);
    nudge();
  }
}
