import { sayingOf } from '../look/saying.ts';
import type { ScreenProps } from '../look/view.ts';
import { Button } from '../parts/button.tsx';
import { Frame } from '../parts/frame.tsx';
import { Icon } from '../parts/icon.tsx';
import { Picture } from '../parts/picture.tsx';
import { Tray } from '../parts/tray.tsx';

/** It dropped: where it lies, what is left, where the receipt went. */
export function Take({ screen, view }: ScreenProps<'take'>) {
  const { words, send, member } = view;
  const { gift, pointsLeft, receiptTo, trayEmpty, another } = screen;
  const { title } = sayingOf(screen, member, words);
  return (
    <Frame
      name="take"
      title={title}
      actions={
        <>
          {another && <Button onTap={() => send({ type: 'another' })}>{words.take.another}</Button>}
          <Button kind="primary" icon="check" onTap={() => send({ type: 'end' })}>
            {words.done}
          </Button>
        </>
      }
    >
      {trayEmpty ? <Picture gift={gift} /> : <Tray gift={gift} label={words.take.drawing} />}
      <div class="take-words">
        <p class="gift-name">{gift.name[words.language]}</p>
        {pointsLeft !== null && (
          <dl class="sums">
            <div>
              <dt>{words.take.left}</dt>
              <dd class="gold">{words.points(pointsLeft)}</dd>
            </div>
          </dl>
        )}
        {receiptTo !== null && (
          <p class="receipt">
            <Icon name="mail" />
            <span>
              {words.take.receipt} <bdi>{receiptTo}</bdi>
            </span>
          </p>
        )}
      </div>
    </Frame>
  );
}
