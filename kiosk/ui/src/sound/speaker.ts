import type { Words } from '../words/index.ts';

/** Says words aloud, the newest only. */
export interface Speaker {
  say(text: string, words: Words): void;
  hush(): void;
}

/** A speaker over the browser's synthesiser; silent where there is none. */
export function browserSpeaker(synthesis: SpeechSynthesis | undefined): Speaker {
  if (synthesis === undefined) return { say: () => undefined, hush: () => undefined };
  return {
    say(text, words) {
      synthesis.cancel();
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.lang = words.voice;
      const voice = synthesis.getVoices().find(({ lang }) => lang.toLowerCase().startsWith(words.language));
      if (voice !== undefined) utterance.voice = voice;
      synthesis.speak(utterance);
    },
    hush: () => synthesis.cancel(),
  };
}
