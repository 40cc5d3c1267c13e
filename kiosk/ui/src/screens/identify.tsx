import { sayingOf } from '../look/saying.ts';
import type { ScreenProps } from '../look/view.ts';
import { Button } from '../parts/button.tsx';
import { Frame } from '../parts/frame.tsx';
import { FrontPanel } from '../parts/front-panel.tsx';
import { Icon } from '../parts/icon.tsx';
import { NoteLine } from '../parts/note.tsx';

/** Shows where the scanner and the reader are; those without either type their number. */
export function Identify({ screen, view }: ScreenProps<'identify'>) {
  const { words, send, member } = view;
  const { title, lines } = sayingOf(screen, member, words);
  const [note, code, card] = lines;
  return (
    <Frame
      name="identify"
      title={title}
      actions={
        <>
          <Button icon="back" onTap={() => send({ type: 'back' })}>
            {words.back}
          </Button>
          <Button kind="primary" onTap={() => send({ type: 'enter_number' })}>
            {words.identify.typeNumber}
          </Button>
        </>
      }
    >
      <NoteLine text={note ?? ''} />
      <FrontPanel label={words.identify.drawing} />
      <ul class="ways">
        <li>
          <Icon name="code" />
          <span>{code}</span>
        </li>
        <li>
          <Icon name="card" />
          <span>{card}</span>
        </li>
      </ul>
    </Frame>
  );
}
