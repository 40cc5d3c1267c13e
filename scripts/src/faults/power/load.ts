import { setTimeout as sleep } from 'node:timers/promises';
import { chooseGift, leave, signIn } from '../../harness/errand.ts';
import type { Thumb } from '../../harness/thumb.ts';
import type { SeededChance } from '../../simulate/seeded-chance.ts';
import type { Alliance } from './alliance.ts';

/** When the power goes: while the machine comes up, before anyone stands there, while someone signs in, or after a confirmation. */
export type Moment = { readonly phase: 'recovery' | 'idle' | 'session' | 'confirmed'; readonly nth: number };

const LEAVE_MS = 90_000;
const POINTS = 400;
/** How long a redemption takes here until one was seen. */
const FIRST_GUESS_MS = 6_000;
const SESSION_MS = 6_000;
const IDLE_MS = 2_000;

/** Most cuts fall where a gift is at stake. */
export function chooseMoment(chance: SeededChance): Moment {
  const phase = chance.pick([
    ...Array.from({ length: 11 }, () => 'confirmed' as const),
    ...Array.from({ length: 3 }, () => 'session' as const),
    ...Array.from({ length: 3 }, () => 'idle' as const),
    ...Array.from({ length: 3 }, () => 'recovery' as const),
  ]);
  return { phase, nth: 1 + chance.integer(3) };
}

/** People at one kiosk and one till until the power goes. */
export class Load {
  readonly #alliance: Alliance;
  readonly #thumb: Thumb;
  readonly #chance: SeededChance;
  readonly #lengths: number[];

  /** @param lengths how long redemptions took so far, from confirmation to their end; added to */
  constructor(alliance: Alliance, thumb: Thumb, chance: SeededChance, lengths: number[]) {
    this.#alliance = alliance;
    this.#thumb = thumb;
    this.#chance = chance;
    this.#lengths = lengths;
  }

  /** Resolves at the moment at which the power is to go; answers how long after its phase began. */
  async until({ phase, nth }: Moment): Promise<number> {
    const { clerk, founding } = this.#alliance;
    // Whatever goes wrong for a customer is what the cut is there for; the next recovery judges.
    clerk.work(founding.seed.members, POINTS).catch(() => undefined);
    if (phase === 'idle' || phase === 'recovery') return this.#wait(IDLE_MS);
    for (let turn = 1; turn < nth; turn += 1) await this.#redeem(turn);
    if (phase === 'session') {
      this.#begin(nth).catch(() => undefined);
      return this.#wait(SESSION_MS);
    }
    await new Promise<void>((confirmed, failed) => {
      this.#redeem(nth, confirmed).catch(failed);
    });
    return this.#wait(this.#length());
  }

  async #wait(longest: number): Promise<number> {
    const ms = this.#chance.integer(Math.round(longest));
    await sleep(ms);
    return ms;
  }

  #length(): number {
    const last = this.#lengths.slice(-10);
    return last.length === 0 ? FIRST_GUESS_MS : last.reduce((total, ms) => total + ms, 0) / last.length;
  }

  async #begin(turn: number): Promise<void> {
    const { members } = this.#alliance.founding.seed;
    const member = members[turn % members.length];
    if (!member) throw new Error('The demo has no member.');
    await signIn(this.#thumb, member);
    await chooseGift(this.#thumb);
  }

  async #redeem(turn: number, onConfirmed: () => void = () => undefined): Promise<void> {
    const { cabinet } = this.#alliance;
    await this.#begin(turn);
    const confirmedAt = performance.now();
    const ended = this.#thumb.until(
      (snapshot) => (['take', 'failed', 'in_doubt'].includes(snapshot?.screen.name ?? '') ? true : undefined),
      'the end of a redemption',
      LEAVE_MS,
    );
    await this.#thumb.tap({ type: 'confirm' });
    onConfirmed();
    await ended;
    this.#lengths.push(performance.now() - confirmedAt);
    await leave(this.#thumb, cabinet, LEAVE_MS);
  }
}
