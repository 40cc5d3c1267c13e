import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Redemptions } from '../redemptions/index.ts';
import type { Stock } from '../stock/index.ts';

export type Verdict = 'agrees' | 'difference' | 'none_fell' | 'all_fell' | 'not_conclusive';

type Count = {
  readonly counted: number;
  readonly expected: number;
  readonly inDoubt: number;
  /** Units whose vend may be under way: fallen, perhaps, and not yet reported. */
  readonly underWay: number;
};

/** What a count proves of units in doubt: with `inDoubt` of them, only two numbers mean something. */
function settles({ counted, expected, inDoubt, underWay }: Count): 'none_fell' | 'all_fell' | undefined {
  if (inDoubt === 0) return undefined;
  if (counted === expected) return 'none_fell';
  return underWay === 0 && counted === expected - inDoubt ? 'all_fell' : undefined;
}

/** While a vend may be under way, a unit that is missing may be its own: only a count that finds everything says something. */
const saysNothing = ({ counted, expected, underWay }: Count, disturbed: boolean): boolean =>
  underWay > 0 && (disturbed || counted !== expected);

/** Blind counts: the operator says what is there, and is told only afterwards what was expected. */
export class Counts {
  readonly #stock: Stock;
  readonly #redemptions: Redemptions;
  readonly #chance: Chance;

  constructor(stock: Stock, redemptions: Redemptions, chance: Chance) {
    this.#stock = stock;
    this.#redemptions = redemptions;
    this.#chance = chance;
  }

  /**
   * Enters a count of a slot and of the tray. It settles what is in doubt on the slot where it proves something, books the
   * difference where nothing is in doubt or under way, and returns the slot to service; otherwise two staff have to decide,
   * or, with `underWay` units of this reward reserved and not ended, the count has to be made again.
   */
  async count(
    tx: Tx,
    key: { kioskId: string; slot: number },
    found: { counted: number; tray: number },
  ): Promise<Result<{ verdict: Verdict; expected: number; counted: number; underWay: number }, Problem>> {
    const slot = await this.#stock.slot(tx.db, key);
    if (!slot) return err(problem('not_found'));
    const counted = found.counted + found.tray;
    const underWay = await this.#stock.underWay(tx.db, slot);
    const count = { counted, expected: slot.on_hand, inDoubt: slot.in_doubt, underWay };
    const disturbed = (await this.#stock.disturbance(tx.db, key)) !== undefined;
    const unknown = await this.#redemptions.isUnknownWhichTurned(tx.db, slot);
    const settled = disturbed || unknown ? undefined : settles(count);
    if (settled) await this.#redemptions.settleByCount(tx, key, settled === 'all_fell');
    const countId = newUlid({ nowMs: () => tx.at }, this.#chance);
    const proves = !saysNothing(count, disturbed);
    const verdict = await this.#stock.recordCount(tx, key, {
      countId,
      ...count,
      proves,
      ...(settled ? { settled } : {}),
    });
    return ok({ verdict, expected: count.expected, counted, underWay });
  }
}
