import type { Snapshot } from '@tessera/shared/protocol/ui';

type Deadline = NonNullable<Snapshot['deadline']>;

/** The quiet ring of the time left. It runs by style alone, from the figure that the daemon sent. */
export function Ring({ deadline }: { readonly deadline: Deadline }) {
  const left = deadline.ofMs > 0 ? Math.min(1, deadline.leftMs / deadline.ofMs) : 0;
  return (
    <svg class={deadline.warn ? 'ring ring-warn' : 'ring'} viewBox="0 0 40 40" aria-hidden="true">
      <circle class="ring-track" cx="20" cy="20" r="17" pathLength={1} />
      <circle
        class="ring-left"
        cx="20"
        cy="20"
        r="17"
        pathLength={1}
        style={{ '--from': String(1 - left), animationDuration: `${String(deadline.leftMs)}ms` }}
      />
    </svg>
  );
}
