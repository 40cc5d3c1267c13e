import { sayingOf } from '../look/saying.ts';
import type { ScreenProps } from '../look/view.ts';
import { Frame } from '../parts/frame.tsx';
import { Help } from '../parts/help.tsx';
import { Icon } from '../parts/icon.tsx';
import { Mark } from '../parts/mark.tsx';

/** Honest about why, about what still works, and about where to go instead. */
export function OutOfService({ screen, view }: ScreenProps<'out_of_service'>) {
  const { words, member, kioskName } = { ...view };
  const { title, lines } = sayingOf(screen, member, words);
  const [reason, pickup] = lines;
  return (
    <Frame name="out" title={title}>
      <Mark turning={screen.reasons[0] === 'starting'} />
      <div class="out-words">
        <p class="lead">{reason}</p>
        {screen.pickupPossible && (
          <p class="good">
            <Icon name="code" />
            <span>{pickup}</span>
          </p>
        )}
        <Help text={screen.help} words={words} />
        <p class="kiosk-name" dir="auto">
          {kioskName}
        </p>
      </div>
    </Frame>
  );
}
