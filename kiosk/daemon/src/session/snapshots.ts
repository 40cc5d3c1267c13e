import { problem, type Problem } from '@tessera/shared/problem';
import type { IntentRequest, ScreenName, Snapshot } from '@tessera/shared/protocol/ui';
import { err, ok, type Result } from '@tessera/shared/result';

type Content = Omit<Snapshot, 'version' | 'epoch' | 'deadline'>;
/** Is told which screen has changed. */
export type Watcher = (screen: ScreenName) => void;

/** What means the same on every face of its screen. `begin`: the gifts of the start screen may change under the finger. */
const atAnyVersion: ReadonlySet<IntentRequest['intent']['type']> = new Set(['begin', 'set_prefs', 'more_time', 'end']);

/** Numbers what the screen shows, tells those who watch, and knows a tap for an older screen. */
export class Snapshots {
  #version = 0;
  #shown = '';
  readonly #watchers = new Set<Watcher>();

  /** @param epoch new with each start of the daemon */
  constructor(private readonly epoch: string) {}

  get version(): number {
    return this.#version;
  }

  /** Tells the watchers where the content differs from the last; `timerRun` tells two equal time limits apart. */
  publish(content: Content, deadline: Snapshot['deadline'], timerRun: number): void {
    const shown = JSON.stringify([content, deadline === null ? null : [timerRun, deadline.warn]]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#version += 1;
    for (const watcher of this.#watchers) watcher(content.screen.name);
  }

  stamp(content: Content, deadline: Snapshot['deadline']): Snapshot {
    return { ...content, deadline, version: this.#version, epoch: this.epoch };
  }

  /** Called on every change; answers how to stop. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** A tap must be meant for what is on the screen now. */
  check({ epoch, version, intent }: IntentRequest): Result<void, Problem> {
    const isFresh = epoch === this.epoch && (version === this.#version || atAnyVersion.has(intent.type));
    return isFresh ? ok(undefined) : err(problem('stale_tap'));
  }
}
