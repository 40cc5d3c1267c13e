import { useState } from 'preact/hooks';
import { groupMemberId, isMemberId } from '@tessera/shared/ids/member-id';
import { sayingOf } from '../look/saying.ts';
import type { ScreenProps } from '../look/view.ts';
import { Button } from '../parts/button.tsx';
import { Frame } from '../parts/frame.tsx';
import { Keypad } from '../parts/keypad.tsx';
import { NoteLine } from '../parts/note.tsx';

const LENGTH = 10;

/** The number, grouped as it is printed; a wrong digit is caught by its check digit before anything is sent. */
export function EnterNumber({ screen, view }: ScreenProps<'enter_number'>) {
  const { words, send, member } = view;
  const [digits, setDigits] = useState('');
  const { title, lines } = sayingOf(screen, member, words);
  const wrong = digits.length === LENGTH && !isMemberId(digits);
  const ready = isMemberId(digits);
  const submit = (): void => {
    if (!ready) return;
    send({ type: 'submit_number', memberId: digits });
    setDigits('');
  };
  const untouched = digits === '';
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
            {words.number.next}
          </Button>
        </>
      }
    >
      <Keypad words={words} digits={digits} max={LENGTH} onDigits={setDigits} onEnter={submit} />
      <div class="entry-field">
        <p class={wrong ? 'digits digits-wrong' : 'digits'} dir="ltr" role="status">
          {groupMemberId(digits)}
          <span class="digits-rest" aria-hidden="true">
            {placeholder(digits)}
          </span>
        </p>
        {untouched && screen.note === null && <p class="soft">{lines[0]}</p>}
        <NoteLine text={wrong ? words.number.wrongDigit : untouched && screen.note !== null ? (lines[0] ?? '') : ''} />
      </div>
    </Frame>
  );
}

/** The places still to come, so that the shape of the number shows from the start. */
function placeholder(digits: string): string {
  const whole = groupMemberId(digits + '·'.repeat(LENGTH - digits.length));
  return whole.slice(groupMemberId(digits).length);
}
