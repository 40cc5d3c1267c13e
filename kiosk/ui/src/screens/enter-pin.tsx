import { useState } from 'preact/hooks';
import { sayingOf } from '../look/saying.ts';
import type { ScreenProps } from '../look/view.ts';
import { Button } from '../parts/button.tsx';
import { Frame } from '../parts/frame.tsx';
import { Keypad } from '../parts/keypad.tsx';
import { NoteLine } from '../parts/note.tsx';

const SHORTEST = 4;
const LONGEST = 8;

/** Dots only; the digits live in this screen and nowhere else, until they are sent. */
export function EnterPin({ screen, view }: ScreenProps<'enter_pin'>) {
  const { words, send, member } = view;
  const [pin, setPin] = useState('');
  const { title, lines } = sayingOf(screen, member, words);
  const ready = pin.length >= SHORTEST;
  const submit = (): void => {
    if (!ready) return;
    send({ type: 'submit_pin', pin });
    setPin('');
  };
  const refused = screen.note !== null && pin === '';
  return (
    <Frame
      name="entry"
      title={title}
      actions={
        <>
          <Button icon="back" onTap={() => send({ type: 'back' })}>
            {words.back}
          </Button>
          <Button kind="primary" iconAfter="next" off={!ready} onTap={submit}>
            {words.pin.enter}
          </Button>
        </>
      }
    >
      <Keypad secret words={words} digits={pin} max={LONGEST} onDigits={setPin} onEnter={submit} />
      <div class="entry-field">
        <p class="dots" role="status" aria-label={words.pin.typed(pin.length)}>
          {Array.from({ length: Math.max(SHORTEST, pin.length) }, (_, index) => (
            <span key={index} class={index < pin.length ? 'dot dot-full' : 'dot'} />
          ))}
        </p>
        {!refused && <p class="soft">{screen.note === null ? lines[0] : ''}</p>}
        <NoteLine text={refused ? (lines[0] ?? '') : ''} />
      </div>
    </Frame>
  );
}
