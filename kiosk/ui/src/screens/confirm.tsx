import { sayingOf } from '../look/saying.ts';
import type { ScreenProps } from '../look/view.ts';
import { Button } from '../parts/button.tsx';
import { Frame } from '../parts/frame.tsx';
import { NoteLine } from '../parts/note.tsx';
import { Picture } from '../parts/picture.tsx';

/** The gift large, what it costs, what is kept. The one tap that spends points. */
export function Confirm({ screen, view }: ScreenProps<'confirm'>) {
  const { words, send, member } = view;
  const { gift, pointsAfter } = screen;
  const { title, lines } = sayingOf(screen, member, words);
  const [note] = lines;
  return (
    <Frame
      name="confirm"
      title={title}
      actions={
        <>
          <Button icon="back" onTap={() => send({ type: 'back' })}>
            {words.back}
          </Button>
          <Button kind="primary" icon="gift" onTap={() => send({ type: 'confirm' })}>
            {words.confirm.get}
          </Button>
        </>
      }
    >
      <Picture gift={gift} />
      <div class="confirm-words">
        <p class="gift-name">{gift.name[words.language]}</p>
        <p class="soft gift-about">{gift.about[words.language]}</p>
        <dl class="sums">
          <div>
            <dt>{words.confirm.price}</dt>
            <dd class="gold">{words.points(gift.price)}</dd>
          </div>
          <div>
            <dt>{words.confirm.after}</dt>
            <dd>{words.points(pointsAfter)}</dd>
          </div>
        </dl>
        <NoteLine text={note ?? ''} />
      </div>
    </Frame>
  );
}
