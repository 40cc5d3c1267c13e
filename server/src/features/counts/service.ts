import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Redemptions } from '../redemptions/index.ts';
import type { Stock } from '../stock/index.ts';

export type Verdict = 'agrees' | 'difference' | 'none_fell' | 'all_fell' | 'not_conclusive';

/** What a count proves of units in doubt: with `inDoubt` of them, only two numbers mean something. */
function settles(
  count: { counted: number; expected: number; inDoubt: number },
  disturbed: boolean,
): 'none_fell' | 'all_fell' | undefined {
  if (count.inDoubt === 0 || disturbed) return undefined;
  if (count.counted === count.expected) return 'none_fell';
  return count.counted === count.expected - count.inDoubt ? 'all_fell' : undefined;
}

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
   * difference where nothing is in doubt, and returns the slot to service; otherwise two staff have to decide.
   */
  async count(
    tx: Tx,
    key: { kioskId: string; slot: number },
    found: { counted: number; tray: number },
  ): Promise<Result<{ verdict: Verdict; expected: number; counted: number }, Problem>> {
    const slot = await this.#stock.slot(tx.db, key);
    if (!slot) return err(problem('not_found'));
    const counted = found.counted + found.tray;
    const count = { counted, expected: slot.on_hand, inDoubt: slot.in_doubt };
    const disturbed = slot.in_doubt > 0 && (await this.#stock.disturbance(tx.db, key)) !== undefined;
    const settled = settles(count, disturbed);
    if (settled) await this.#redemptions.settleByCount(tx, key, settled === 'all_fell');
    const countId = newUlid({ nowMs: () => tx.at }, this.#chance);
    const verdict = await this.#stock.recordCount(tx, key, { countId, ...count, ...(settled ? { settled } : {}) });
    return ok({ verdict, expected: count.expected, counted });
  }
}
