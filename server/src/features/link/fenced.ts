import type { Problem } from '@tessera/shared/problem';
import type { KioskEvent } from '@tessera/shared/protocol/kiosk';
import type { JournalHead } from '@tessera/shared/protocol/kiosk-parts';
import type { Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { KioskRow } from '../kiosks/index.ts';
import type { LinkServices } from './services.ts';

/** The connection a message came on: which kiosk, and its number, which fences older ones. */
export interface Sender {
  readonly kioskId: string;
  readonly counter: number;
}

/** What the command of a message does beside its work. */
interface About {
  readonly name: KioskEvent;
  /** How far the journal was when the kiosk sent it. */
  readonly journalHead?: JournalHead;
  readonly keepRefusal?: (tx: Tx, kiosk: KioskRow, refusal: Problem) => Promise<void>;
}

/** Runs one command of a connection: only while it is the newest of an enrolled kiosk. */
export async function fenced<T>(
  { commands, kiosks }: LinkServices,
  { kioskId, counter }: Sender,
  { name, journalHead, keepRefusal }: About,
  work: (tx: Tx, kiosk: KioskRow) => Promise<Result<T, Problem>>,
): Promise<Result<T, Problem>> {
  let kiosk: KioskRow | undefined;
  return commands.run({
    name: `kiosk.${name}`,
    actor: `kiosk:${kioskId}`,
    work: async (tx) => {
      const passed = await kiosks.fence(tx, kioskId, counter, journalHead);
      if (!passed.ok) return passed;
      kiosk = passed.value;
      return work(tx, kiosk);
    },
    onRefusal: async (tx, refusal) => {
      if (kiosk) await keepRefusal?.(tx, kiosk, refusal);
    },
  });
}
