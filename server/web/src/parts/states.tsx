import type { JSX } from 'preact';
import type { BookState } from '@tessera/shared/redemption/books';
import type { Kiosk, KioskState, Slot } from '../api/answers.ts';
import { say, wordFor } from '../state/language.ts';
import type { IconName } from './icon.tsx';
import { Tag, type Tone } from './tag.tsx';

const bookLooks: Readonly<Record<BookState, readonly [Tone, IconName]>> = {
  none: ['quiet', 'question'],
  held: ['quiet', 'clock'],
  held_overdue: ['warn', 'clock'],
  vending: ['quiet', 'swap'],
  vending_overdue: ['warn', 'clock'],
  in_doubt: ['bad', 'question'],
  captured: ['good', 'check'],
  released: ['quiet', 'undo'],
  refused: ['quiet', 'stop'],
};

export function BookTag({ state }: { readonly state: BookState }): JSX.Element {
  const [tone, icon] = bookLooks[state];
  return <Tag tone={tone} icon={icon} word={wordFor('state', state)} />;
}

export type SlotLook = { readonly tone: Tone; readonly icon: IconName; readonly word: string };

/** How a slot looks: the most pressing thing wins. Low means a quarter of the capacity or less. */
export function slotLook(slot: Slot): SlotLook {
  if (slot.inDoubt > 0) return { tone: 'bad', icon: 'question', word: say('stateDoubt') };
  if (!slot.inService) return { tone: 'bad', icon: 'stop', word: say('stateOut') };
  if (slot.rewardId === null) return { tone: 'quiet', icon: 'empty', word: say('stateUnplanned') };
  if (slot.available <= 0) return { tone: 'warn', icon: 'empty', word: say('stateEmpty') };
  if (slot.available * 4 <= slot.capacity) return { tone: 'warn', icon: 'half', word: say('stateLow') };
  return { tone: 'good', icon: 'check', word: say('stateOk') };
}

export function KioskTag({ state }: { readonly state: KioskState }): JSX.Element {
  switch (state) {
    case 'enrolled':
      return <Tag tone="good" icon="check" word={say('kioskEnrolled')} />;
    case 'new':
      return <Tag tone="quiet" icon="clock" word={say('kioskCreated')} />;
    case 'revoked':
      return <Tag tone="bad" icon="stop" word={say('kioskRevoked')} />;
    case 'journal_lost':
      return <Tag tone="bad" icon="alert" word={say('kioskJournalLost')} />;
  }
}

export const trayWord = (tray: string | null): string =>
  say(tray === 'empty' ? 'trayEmpty' : tray === 'occupied' ? 'trayOccupied' : 'unknown');

/** Whether the kiosk's connection stands; an enrolled kiosk that is offline needs a look. */
export function OnlineTag({ kiosk }: { readonly kiosk: Kiosk }): JSX.Element {
  if (kiosk.live.online) return <Tag tone="good" icon="link" word={say('online')} />;
  const word = kiosk.live.lastSeenAt === null ? say('neverSeen') : say('offline');
  return <Tag tone={kiosk.state === 'enrolled' ? 'bad' : 'quiet'} icon="unlink" word={word} />;
}
