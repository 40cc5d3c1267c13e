import { languageOrder, languages, type Words } from '../words/index.ts';
import { Mark } from './mark.tsx';

/** No daemon speaks: our tile turns, in the language last chosen, or in each where none is known yet. */
export function Waiting({ words }: { readonly words: Words | null }) {
  const said = words === null ? languageOrder.map((language) => languages[language]) : [words];
  return (
    <main class="waiting">
      <Mark turning />
      <p class="waiting-words" role="status">
        {said.map(({ language, oneMoment }) => (
          <span key={language} lang={language}>
            {oneMoment}
          </span>
        ))}
      </p>
    </main>
  );
}
