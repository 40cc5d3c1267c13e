import { sayingOf } from '../look/saying.ts';
import type { ScreenProps } from '../look/view.ts';
import { Cabinet } from '../parts/cabinet.tsx';
import { Frame } from '../parts/frame.tsx';
import { Picture } from '../parts/picture.tsx';

/** The cabinet with its slot lit, and one tile for each real step: none is laid before the daemon says so. */
export function Dispensing({ screen, view }: ScreenProps<'dispensing'>) {
  const { words, member } = view;
  const { gift, slot, slots, phase, step, steps } = screen;
  const { title, lines } = sayingOf(screen, member, words);
  return (
    <Frame name="dispensing" title={title}>
      <Cabinet
        slots={slots}
        lit={slot}
        turning={phase === 'turning'}
        tray={phase === 'watching'}
        label={words.dispensing.slot(slot)}
      />
      <div class="dispensing-words">
        <div class="dispensing-gift">
          <Picture gift={gift} />
          <p>
            <span class="gift-name">{gift.name[words.language]}</span>
            <span class="soft">{words.dispensing.slot(slot)}</span>
          </p>
        </div>
        <p class="phase" role="status">
          {lines[0]}
        </p>
        <div
          class="laid"
          role="progressbar"
          aria-label={title}
          aria-valuemin={0}
          aria-valuemax={steps}
          aria-valuenow={step}
          aria-valuetext={words.dispensing.step(step, steps)}
        >
          {Array.from({ length: steps }, (_, index) => (
            <span
              key={index}
              class={
                index < step ? 'laid-tile laid-tile-done' : index === step ? 'laid-tile laid-tile-now' : 'laid-tile'
              }
            />
          ))}
        </div>
      </div>
    </Frame>
  );
}
