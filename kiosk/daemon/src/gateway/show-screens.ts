import type { Cancel, Scheduler } from '@tessera/shared/ports';
import type { Snapshot } from '@tessera/shared/protocol/ui';
import type { SessionController } from '../session/controller.ts';

/**
 * How long a screen that only reports progress stands back, ms: about two frames. Drawing it keeps a small computer busy
 * for longer than authorising does, and the redemption goes first.
 */
const STAND_BACK_MS = 33;

/** Sends each new snapshot: at once where the member may act on it, else a moment later and only the newest. */
export function showScreens(
  controller: Pick<SessionController, 'snapshot' | 'watch'>,
  scheduler: Scheduler,
  send: (snapshot: Snapshot) => void,
): Cancel {
  let cancel: Cancel | undefined;
  const show = (): void => {
    cancel?.();
    cancel = undefined;
    send(controller.snapshot);
  };
  const unwatch = controller.watch((screen) => {
    if (screen === 'dispensing') cancel ??= scheduler.after(STAND_BACK_MS, show);
    else show();
  });
  return () => {
    unwatch();
    cancel?.();
  };
}
