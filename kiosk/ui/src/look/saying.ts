import type { Gift, Screen, Snapshot } from '@tessera/shared/protocol/ui';
import type { Words } from '../words/index.ts';
import { noteText } from './note.ts';

/** What a screen says: its title and the sentences under it. Shown always, spoken when asked for: so all that is heard can be read. */
export interface Saying {
  readonly title: string;
  readonly lines: readonly string[];
}

type Only<Name extends Screen['name']> = Extract<Screen, { name: Name }>;

/** The words of a screen in one language. */
export function sayingOf(screen: Screen, member: Snapshot['member'], words: Words): Saying {
  switch (screen.name) {
    case 'out_of_service':
      return { title: words.out.title, lines: outLines(screen, words) };
    case 'attract':
      return { title: words.attract.title, lines: [words.attract.lead, words.attract.noCode] };
    case 'identify': {
      const { title, code, card } = words.identify;
      return { title, lines: [noteText(screen.note, words), code, card] };
    }
    case 'enter_number':
      return { title: words.number.title, lines: [noteText(screen.note, words) || words.number.lead] };
    case 'enter_pin':
      return { title: words.pin.title, lines: [noteText(screen.note, words) || pinLead(screen, words)] };
    case 'checking':
      return { title: words.checking.title, lines: [] };
    case 'choose':
      return { title: words.choose.title, lines: [noteText(screen.note, words)] };
    case 'confirm':
      return { title: words.confirm.title, lines: [noteText(screen.note, words), giftName(screen.gift, words)] };
    case 'dispensing':
      return { title: words.dispensing.title, lines: [words.dispensing.phases[screen.phase]] };
    case 'take':
      return { title: takeTitle(screen, words), lines: [giftName(screen.gift, words)] };
    case 'failed':
      return { title: failedTitle(screen, words), lines: failedLines(screen, words) };
    case 'in_doubt':
      return { title: words.doubt.title, lines: [heldLine(screen, member, words), words.doubt.next] };
  }
}

const giftName = (gift: Gift, words: Words): string => gift.name[words.language];

/** The first reason is the one that helps most. */
function outLines({ reasons: [reason], pickupPossible }: Only<'out_of_service'>, words: Words): string[] {
  return [reason === undefined ? '' : words.out.reasons[reason], pickupPossible ? words.out.pickup : ''];
}

function pinLead(screen: Only<'enter_pin'>, words: Words): string {
  return screen.for === 'card' ? words.pin.leadCard : words.pin.leadNumber;
}

function takeTitle({ trayEmpty }: Only<'take'>, words: Words): string {
  return trayEmpty ? words.take.taken : words.take.title;
}

/** A code that has brought its gift has also taken its points: there the reassurance would be a lie. */
function failedTitle({ code }: Only<'failed'>, { failed }: Words): string {
  return code === 'pickup_code_used' ? failed.other : failed.noPoints;
}

/** Who cannot choose another gift came with the code of an order. */
function failedLines({ code, another }: Only<'failed'>, { notes, failed }: Words): string[] {
  const now = another ? failed.nowAnother : (failed.nowOrder[code] ?? failed.now);
  return [notes[code] ?? failed.other, now];
}

/** A pick-up by code knows no member, and no points of theirs. */
function heldLine({ points }: Only<'in_doubt'>, member: Snapshot['member'], words: Words): string {
  return member === null && points === 0 ? words.doubt.heldNothing : words.doubt.held(points);
}
