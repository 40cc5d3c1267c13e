import type { ScreenName } from '@tessera/shared/protocol/ui';
import type { Words } from '../words/index.ts';

const steps = ['identify', 'choose', 'confirm', 'take'] as const;

const stepOf: Readonly<Partial<Record<ScreenName, (typeof steps)[number]>>> = {
  identify: 'identify',
  enter_number: 'identify',
  enter_pin: 'identify',
  checking: 'identify',
  choose: 'choose',
  confirm: 'confirm',
  dispensing: 'take',
  take: 'take',
  failed: 'take',
  in_doubt: 'take',
};

/** Where I am: four tiles, laid one by one. Nothing on screens that belong to no one. */
export function Trail({ at, words }: { readonly at: ScreenName; readonly words: Words }) {
  const current = stepOf[at];
  if (current === undefined) return null;
  const index = steps.indexOf(current);
  return (
    <ol class="trail" aria-label={words.whereYouAre}>
      {steps.map((step, place) => (
        <li
          key={step}
          class={place < index ? 'trail-done' : place === index ? 'trail-here' : 'trail-ahead'}
          aria-current={place === index ? 'step' : undefined}
        >
          <span>{words.steps[step]}</span>
        </li>
      ))}
    </ol>
  );
}
