import type { Words } from '../words/index.ts';

interface HelpProps {
  /** What staff wrote for this kiosk, in whatever language; may be empty. */
  readonly text: string;
  readonly words: Words;
}

/** Whom to ask. Where staff wrote nothing, in the language of the person. */
export function Help({ text, words }: HelpProps) {
  if (text === '') return <p class="help">{words.askHere}</p>;
  return (
    <p class="help">
      <span class="soft">{words.help}</span> <span dir="auto">{text}</span>
    </p>
  );
}
