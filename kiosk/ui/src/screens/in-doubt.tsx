import { useState } from 'preact/hooks';
import { sayingOf } from '../look/saying.ts';
import type { ScreenProps } from '../look/view.ts';
import { Button } from '../parts/button.tsx';
import { Frame } from '../parts/frame.tsx';
import { Qr } from '../parts/qr.tsx';

/** The truth when nobody can know: what is safe, what we will do, and a reference to keep. In large text it takes two pages. */
export function InDoubt({ screen, view }: ScreenProps<'in_doubt'>) {
  const { words, send, member, prefs } = view;
  const [turned, setTurned] = useState(false);
  const { title, lines } = sayingOf(screen, member, words);
  const [held, next] = lines;
  const paged = prefs.largeText;
  return (
    <Frame
      name="doubt"
      title={title}
      hideTitle={paged && turned}
      actions={
        <>
          {paged && (
            <Button onTap={() => setTurned(!turned)}>
              {turned ? words.doubt.showText : words.doubt.showReference}
            </Button>
          )}
          <Button kind="primary" onTap={() => send({ type: 'end' })}>
            {words.done}
          </Button>
        </>
      }
    >
      {!(paged && turned) && (
        <div class="doubt-words">
          <p class="good">{held}</p>
          <p>{next}</p>
        </div>
      )}
      {(!paged || turned) && (
        <div class="doubt-reference">
          <Qr text={screen.reference} label={words.doubt.photo} />
          <p class="reference">
            <span class="soft">{words.doubt.reference}</span>
            <span class="reference-text" dir="ltr">
              {grouped(screen.reference)}
            </span>
            <span class="soft">{words.doubt.photo}</span>
            <span dir="auto">{screen.help === '' ? words.askHere : screen.help}</span>
          </p>
        </div>
      )}
    </Frame>
  );
}

/** A long reference in fours, so that it can be read out on the telephone. */
function grouped(reference: string): string {
  return reference.length > 8 && !reference.includes('-') ? (reference.match(/.{1,4}/g) ?? []).join(' ') : reference;
}
