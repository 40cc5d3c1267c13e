import { JournalFuzz } from './journal-fuzz.ts';
import { StoreFuzz } from './store-fuzz.ts';
import type { Visit } from './visit.ts';

const JOURNAL_CHANCE = 0.6;

/** The files that a kiosk finds when it starts: nobody knows what a worn card gives back. */
export async function filesDoor(visit: Visit): Promise<void> {
  const journals = new JournalFuzz(visit);
  const stores = new StoreFuzz(visit);
  while (visit.next()) {
    if (visit.chance.happens(JOURNAL_CHANCE)) await journals.ask();
    else await stores.ask();
  }
}
