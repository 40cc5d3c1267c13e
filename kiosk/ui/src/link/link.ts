import { signal, type ReadonlySignal } from '@preact/signals';
import type { Cancel, Scheduler } from '@tessera/shared/ports';
import type { Intent, IntentRequest } from '@tessera/shared/protocol/ui';
import { snapshotSchema, type Snapshot } from '@tessera/shared/protocol/ui-snapshot';
import * as z from 'zod/mini';

/** What the link needs of a socket: socket.io's client, or a stand-in. */
export interface LinkSocket {
  on(event: 'connect' | 'disconnect' | 'connect_error', listener: () => void): unknown;
  on(event: 'snapshot', listener: (data: unknown) => void): unknown;
  ask(request: IntentRequest): Promise<unknown>;
  /** Drops the connection and makes a new one; the daemon then sends its snapshot again. */
  restart(): void;
}

export interface LinkTimes {
  /** A member's screen goes dark this long after its deadline if the daemon says nothing. */
  readonly graceMs: number;
  /** A remark about a refused tap stays this long. */
  readonly noticeMs: number;
  /** A page that cannot read its daemon is an old page: it loads itself again after this time. */
  readonly reloadMs: number;
}

const linkTimes: LinkTimes = { graceMs: 4000, noticeMs: 4000, reloadMs: 5000 };

export interface Link {
  /** What to draw; null while there is no daemon that speaks: then nothing of any member may be on the glass. */
  readonly snapshot: ReadonlySignal<Snapshot | null>;
  /** The code of the last refused tap, for a moment. */
  readonly notice: ReadonlySignal<string | null>;
  readonly send: (intent: Intent) => void;
}

/** All that the screen needs of an answer: `uiExchanges.intent.answer`, without the catalogue of every problem. */
const answerSchema = z.object({ ok: z.boolean(), problem: z.optional(z.object({ code: z.string() })) });

/** These mean the same on whatever screen they arrive; all others are meant for the snapshot that was seen. */
const anyVersion: ReadonlySet<Intent['type']> = new Set<Intent['type']>(['set_prefs', 'more_time', 'end']);

/** Follows the daemon's snapshots and carries intents to it, each with the epoch and version that the person saw. */
export function openLink(
  socket: LinkSocket,
  scheduler: Scheduler,
  reloadPage: () => void,
  times: LinkTimes = linkTimes,
): Link {
  const snapshot = signal<Snapshot | null>(null);
  const notice = signal<string | null>(null);
  const pending = new Set<string>();
  let cancelGrace: Cancel = () => undefined;
  let cancelNotice: Cancel = () => undefined;

  function show(next: Snapshot | null): void {
    cancelGrace();
    pending.clear();
    snapshot.value = next;
    const deadline = next?.deadline ?? null;
    if (deadline === null) return;
    cancelGrace = scheduler.after(deadline.leftMs + times.graceMs, () => {
      show(null);
      socket.restart();
    });
  }

  function say(code: string): void {
    cancelNotice();
    notice.value = code;
    cancelNotice = scheduler.after(times.noticeMs, () => (notice.value = null));
  }

  socket.on('disconnect', () => show(null));
  socket.on('snapshot', (data) => {
    const read = snapshotSchema.safeParse(data);
    if (!read.success) scheduler.after(times.reloadMs, reloadPage);
    show(read.success ? read.data : null);
  });

  return {
    snapshot,
    notice,
    send(intent) {
      const seen = snapshot.value;
      if (seen === null) return;
      const { epoch, version } = seen;
      const key = anyVersion.has(intent.type) ? `${epoch}/${intent.type}` : `${epoch}/${String(version)}`;
      // The second of two quick taps means the first.
      if (pending.has(key) && intent.type !== 'set_prefs') return;
      pending.add(key);
      const again = (): boolean => pending.delete(key);
      socket
        .ask({ epoch, version, intent })
        .then((data) => {
          const answer = answerSchema.parse(data);
          // What was accepted shows in the next snapshot; until then the screen that was seen takes no second tap.
          if (!answer.ok || anyVersion.has(intent.type)) again();
          if (!answer.ok) say(answer.problem?.code ?? 'other');
        })
        .catch(again); // No answer that can be read: the next snapshot tells the truth, and the person may try again.
    },
  };
}
