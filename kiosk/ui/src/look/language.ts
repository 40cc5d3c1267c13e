import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Language } from '@tessera/shared/ids/schemas';
import type { Cancel, Scheduler } from '@tessera/shared/ports';
import type { Snapshot } from '@tessera/shared/protocol/ui';
import { languageOrder, languages, type Words } from '../words/index.ts';

const ATTRACT_LANGUAGE_MS = 6000;

/** The language after this one in the order of the attract screen. */
function after(language: Language): Language {
  return languageOrder[(languageOrder.indexOf(language) + 1) % languageOrder.length] ?? language;
}

/** The words on the glass: the chosen language; on the attract screen each language in turn, beginning with the chosen one. */
export function followLanguage(
  snapshot: ReadonlySignal<Snapshot | null>,
  scheduler: Scheduler,
): ReadonlySignal<Words | null> {
  const chosen = signal<Language | null>(null);
  const turn = signal<Language | null>(null);
  const attracting = computed(() => snapshot.value?.screen.name === 'attract');
  effect(() => {
    const language = snapshot.value?.prefs.language;
    if (language !== undefined) chosen.value = language;
  });
  effect(() => {
    const first = chosen.value;
    turn.value = null;
    if (!attracting.value || first === null) return;
    let cancel: Cancel = () => undefined;
    const next = (language: Language): void => {
      cancel = scheduler.after(ATTRACT_LANGUAGE_MS, () => {
        turn.value = language;
        next(after(language));
      });
    };
    next(after(first));
    return () => cancel();
  });
  return computed(() => {
    const language = turn.value ?? chosen.value;
    return language === null ? null : languages[language];
  });
}
