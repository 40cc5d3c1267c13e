import { effect, type ReadonlySignal } from '@preact/signals';
import type { Snapshot } from '@tessera/shared/protocol/ui';
import type { Words } from '../words/index.ts';

/** Keeps language, direction, contrast and text size on the root element, in the same breath as the words change. */
export function dressDocument(
  root: HTMLElement,
  snapshot: ReadonlySignal<Snapshot | null>,
  words: ReadonlySignal<Words | null>,
): void {
  effect(() => {
    const now = words.value;
    if (now === null) return;
    root.lang = now.language;
    root.dir = now.direction;
  });
  effect(() => {
    const prefs = snapshot.value?.prefs;
    if (prefs === undefined) return;
    root.dataset['text'] = prefs.largeText ? 'large' : 'normal';
    if (prefs.highContrast) root.dataset['theme'] = 'contrast';
    else delete root.dataset['theme'];
  });
}
