import type { Intent, Snapshot } from '@tessera/shared/protocol/ui';
import type { Words } from '../words/index.ts';
import { Button } from './button.tsx';
import { Sheet } from './sheet.tsx';
import { useSecondsLeft } from './use-seconds.ts';

interface MoreTimeProps {
  readonly deadline: NonNullable<Snapshot['deadline']>;
  readonly words: Words;
  readonly send: (intent: Intent) => void;
}

/** Asks before the time runs out; the question waits as long as the daemon does (EN 301 549: at least 20 s). */
export function MoreTime({ deadline, words, send }: MoreTimeProps) {
  const seconds = useSecondsLeft(deadline.leftMs);
  return (
    <Sheet urgent title={words.moreTime} about={words.moreTimeWhy(seconds)}>
      <div class="sheet-actions">
        <Button onTap={() => send({ type: 'end' })}>{words.end}</Button>
        <Button kind="primary" icon="clock" first onTap={() => send({ type: 'more_time' })}>
          {words.yesMoreTime}
        </Button>
      </div>
    </Sheet>
  );
}
