import { computed } from '@preact/signals';
import type { Scheduler } from '@tessera/shared/ports';
import { render } from 'preact';
import { App } from './app.tsx';
import { openLink } from './link/link.ts';
import { daemonSocket } from './link/socket.ts';
import { dressDocument } from './look/document.ts';
import { followLanguage } from './look/language.ts';
import { watchShape } from './look/layout.ts';
import { cuePlayer } from './sound/cues.ts';
import { soundTheScreens, speakTheFocus } from './sound/prompts.ts';
import { browserSpeaker } from './sound/speaker.ts';
import './style/index.css';
import { languages } from './words/index.ts';

/** Gathers the real browser into the page: the only place that knows all parts. */
function main(app: HTMLElement): void {
  const scheduler: Scheduler = {
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  };
  const link = openLink(daemonSocket(), scheduler, () => window.location.reload());
  const words = followLanguage(link.snapshot, scheduler);
  const heard = computed(() => words.value ?? languages.en);
  const shape = watchShape(window.matchMedia('(orientation: portrait)'));
  const cue = cuePlayer(() => new AudioContext());
  const speaker = browserSpeaker('speechSynthesis' in window ? window.speechSynthesis : undefined);

  dressDocument(document.documentElement, link.snapshot, words);
  soundTheScreens(link.snapshot, heard, speaker, cue);
  speakTheFocus(document, link.snapshot, heard, speaker);
  document.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Element && event.target.closest('button') !== null) cue('tap');
  });
  document.addEventListener('contextmenu', (event) => event.preventDefault());
  app.replaceChildren();
  render(<App link={link} words={words} shape={shape} />, app);
}

const app = document.getElementById('app');
if (app !== null) main(app);
