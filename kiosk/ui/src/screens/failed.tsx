import { sayingOf } from '../look/saying.ts';
import type { ScreenProps } from '../look/view.ts';
import { Button } from '../parts/button.tsx';
import { Frame } from '../parts/frame.tsx';
import { Help } from '../parts/help.tsx';
import { Icon } from '../parts/icon.tsx';

/** What matters first: no points were taken. Then what happened, and what now. */
export function Failed({ screen, view }: ScreenProps<'failed'>) {
  const { words, send, member } = view;
  const { title, lines } = sayingOf(screen, member, words);
  const [what, now] = lines;
  const end = (): void => send({ type: 'end' });
  return (
    <Frame
      name="failed"
      title={title}
      actions={
        screen.another ? (
          <>
            <Button onTap={end}>{words.end}</Button>
            <Button kind="primary" onTap={() => send({ type: 'another' })}>
              {words.failed.another}
            </Button>
          </>
        ) : (
          <Button kind="primary" onTap={end}>
            {words.done}
          </Button>
        )
      }
    >
      <Icon name="alert" />
      <div class="failed-words">
        <p class="lead">{what}</p>
        <p class="soft">{now}</p>
        <Help text={screen.help} words={words} />
      </div>
    </Frame>
  );
}
