import { chooseGift, leave, signIn } from '../../harness/errand.ts';
import type { Thumb } from '../../harness/thumb.ts';
import type { SeededChance } from '../../simulate/seeded-chance.ts';
import type { Alliance } from './alliance.ts';
import { within, type Moment } from './moment.ts';
import type { ServedDisk } from './nbd/serve.ts';

const LEAVE_MS = 90_000;
const SIGN_IN_MS = 40_000;
const TRIES = 2;
const POINTS = 400;
/** How long a redemption takes here until one was seen. */
const FIRST_GUESS_MS = 6_000;
const SESSION_MS = 6_000;
const IDLE_MS = 2_000;
/** Of one disk in one redemption. */
const FLUSHES = 16;

/** People at one kiosk and one till until the power goes. */
export class Load {
  readonly #alliance: Alliance;
  readonly #thumb: Thumb;
  readonly #chance: SeededChance;
  readonly #lengths: number[];
  readonly #disks: readonly ServedDisk[];

  /** @param lengths how long redemptions took so far, from confirmation to their end; added to */
  constructor(
    {
      alliance,
      thumb,
      disks,
    }: { readonly alliance: Alliance; readonly thumb: Thumb; readonly disks: readonly ServedDisk[] },
    chance: SeededChance,
    lengths: number[],
  ) {
    this.#alliance = alliance;
    this.#thumb = thumb;
    this.#disks = disks;
    this.#chance = chance;
    this.#lengths = lengths;
  }

  /** Resolves at the moment at which the power is to go; answers how long after its phase began. */
  async until({ phase, nth, cue }: Moment): Promise<number> {
    const { clerk, founding } = this.#alliance;
    // Whatever goes wrong for a customer is what the cut is there for; the next recovery judges.
    clerk.work(founding.seed.members, POINTS).catch(() => undefined);
    if (phase === 'idle' || phase === 'recovery') return this.#wait('time', IDLE_MS);
    for (let turn = 1; turn < nth; turn += 1) await this.#redeem(turn);
    if (phase === 'session') {
      this.#begin(nth).catch(() => undefined);
      return this.#wait('time', SESSION_MS);
    }
    await new Promise<void>((confirmed, failed) => {
      this.#redeem(nth, confirmed).catch(failed);
    });
    return this.#wait(cue, this.#length());
  }

  #wait(cue: Moment['cue'], longestMs: number): Promise<number> {
    return within(this.#chance, cue, { disks: this.#disks, flushes: FLUSHES, longestMs });
  }

  #length(): number {
    const last = this.#lengths.slice(-10);
    return last.length === 0 ? FIRST_GUESS_MS : last.reduce((total, ms) => total + ms, 0) / last.length;
  }

  async #begin(turn: number): Promise<void> {
    const { members } = this.#alliance.founding.seed;
    const member = members[turn % members.length];
    if (!member) throw new Error('The demo has no member.');
    // One core or none may be free: a PIN takes its time, and whom the kiosk sends away tries again.
    for (let patience = TRIES; ; patience -= 1) {
      try {
        await signIn(this.#thumb, member);
        await this.#thumb.screen('choose', SIGN_IN_MS);
        break;
      } catch (error) {
        if (patience === 0) throw error;
        await leave(this.#thumb, this.#alliance.cabinet, LEAVE_MS);
      }
    }
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
