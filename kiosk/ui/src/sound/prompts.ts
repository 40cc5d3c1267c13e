import { effect, type ReadonlySignal } from '@preact/signals';
import type { ScreenName, Snapshot } from '@tessera/shared/protocol/ui';
import { sayingOf } from '../look/saying.ts';
import type { Words } from '../words/index.ts';
import type { Cue } from './cues.ts';
import type { Speaker } from './speaker.ts';

const cueOf: Readonly<Partial<Record<ScreenName, Cue>>> = {
  choose: 'welcome',
  take: 'done',
  failed: 'sorry',
  in_doubt: 'sorry',
};

/** Plays a cue when the screen changes, speaks each new sentence where that is asked for, and asks “More time?” aloud always. */
export function soundTheScreens(
  snapshot: ReadonlySignal<Snapshot | null>,
  wordsNow: ReadonlySignal<Words>,
  speaker: Speaker,
  cue: (cue: Cue) => void,
): () => void {
  let lastScreen: ScreenName | undefined;
  let lastSaid = '';
  let lastWarned = false;

  return effect(() => {
    const now = snapshot.value;
    const words = wordsNow.value;
    if (now === null) {
      speaker.hush();
      lastScreen = undefined;
      lastSaid = '';
      return;
    }
    const { screen, prefs, member, deadline } = now;
    const warned = deadline?.warn === true;
    if (screen.name !== lastScreen) {
      const sign = cueOf[screen.name];
      if (sign !== undefined && lastScreen !== undefined) cue(sign);
      lastScreen = screen.name;
    }
    if (warned && !lastWarned) {
      cue('ask');
      speaker.say(words.moreTime, words);
    }
    lastWarned = warned;

    const { title, lines } = sayingOf(screen, member, words);
    const saying = [title, ...lines.filter((line) => line !== '')].join('\n');
    const spoken = prefs.spoken && screen.name !== 'attract' ? saying : '';
    if (spoken !== lastSaid && !warned) {
      if (spoken === '') speaker.hush();
      else speaker.say(spoken, words);
    }
    if (!warned) lastSaid = spoken;
  });
}

/** In spoken mode whatever gets the focus says its name; the keys of a PIN stay silent. */
export function speakTheFocus(
  target: EventTarget,
  snapshot: ReadonlySignal<Snapshot | null>,
  wordsNow: ReadonlySignal<Words>,
  speaker: Speaker,
): void {
  target.addEventListener('focusin', (event) => {
    const element = event.target;
    if (snapshot.value?.prefs.spoken !== true || !(element instanceof HTMLElement)) return;
    if (!element.matches('button') || element.closest('[data-quiet]') !== null) return;
    speaker.say(element.getAttribute('aria-label') ?? element.textContent, wordsNow.value);
  });
}
