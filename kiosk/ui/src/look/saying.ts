import type { Screen, Snapshot } from '@tessera/shared/protocol/ui';
import type { Words } from '../words/index.ts';
import { noteText } from './note.ts';

/** What a screen says: its title and the sentences under it. Shown always, spoken when asked for: so all that is heard can be read. */
export interface Saying {
  readonly title: string;
  readonly lines: readonly string[];
}

const nameIn = (words: Words, gift: { name: Record<Words['language'], string> }): string => gift.name[words.language];

/** The words of a screen in one language. */
export function sayingOf(screen: Screen, member: Snapshot['member'], words: Words): Saying {
  switch (screen.name) {
    case 'out_of_service': {
      const [reason] = screen.reasons;
      const lines = [
        reason === undefined ? '' : words.out.reasons[reason],
        screen.pickupPossible ? words.out.pickup : '',
      ];
      return { title: words.out.title, lines };
    }
    case 'attract':
      return { title: words.attract.title, lines: [words.attract.lead, words.attract.noCode] };
    case 'identify':
      return {
        title: words.identify.title,
        lines: [noteText(screen.note, words), words.identify.code, words.identify.card],
      };
    case 'enter_number':
      return { title: words.number.title, lines: [noteText(screen.note, words) || words.number.lead] };
    case 'enter_pin': {
      const lead = screen.for === 'card' ? words.pin.leadCard : words.pin.leadNumber;
      return { title: words.pin.title, lines: [noteText(screen.note, words) || lead] };
    }
    case 'checking':
      return { title: words.checking.title, lines: [] };
    case 'choose':
      return { title: words.choose.title, lines: [noteText(screen.note, words)] };
    case 'confirm':
      return { title: words.confirm.title, lines: [noteText(screen.note, words), nameIn(words, screen.gift)] };
    case 'dispensing':
      return { title: words.dispensing.title, lines: [words.dispensing.phases[screen.phase]] };
    case 'take':
      return { title: screen.trayEmpty ? words.take.taken : words.take.title, lines: [nameIn(words, screen.gift)] };
    case 'failed': {
      const what = words.notes[screen.code] ?? words.failed.other;
      return {
        title: words.failed.noPoints,
        lines: [what, screen.another ? words.failed.nowAnother : words.failed.now],
      };
    }
    case 'in_doubt': {
      // A pick-up by code knows no member and no points of theirs.
      const held = member === null && screen.points === 0 ? words.doubt.heldNothing : words.doubt.held(screen.points);
      return { title: words.doubt.title, lines: [held, words.doubt.next] };
    }
  }
}
