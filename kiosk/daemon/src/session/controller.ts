import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Scheduler } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import type { Intent, IntentRequest, Prefs, Snapshot } from '@tessera/shared/protocol/ui';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Timeouts } from '../platform/timeouts.ts';
import { SessionEffects, type EffectTools, type Moment } from './effects.ts';
import type { SessionEffect, SessionEvent, SessionState } from './events.ts';
import { readTap } from './intents.ts';
import { readCard, readScan } from './readings.ts';
import { screenOf, type Surroundings } from './screen.ts';
import { ScreenTimer, timeLimit } from './screen-timer.ts';
import { Snapshots, type Watcher } from './snapshots.ts';
import { newSession, stepSession, type Session } from './step.ts';

export type ControllerDependencies = Omit<EffectTools, 'dispatch' | 'slots'> & {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly timeouts: Timeouts;
  readonly defaultPrefs: Prefs;
  /** Everything the screen shows that is not the session's, as it is now. */
  readonly surroundings: () => Surroundings;
  readonly online: () => boolean;
  readonly onState: (state: SessionState) => void;
};

const signedIn: ReadonlySet<SessionState> = new Set([
  'choose',
  'confirm',
  'authorising',
  'preparing',
  'vending',
  'take',
  'failed',
  'in_doubt',
]);
const nobodys: ReadonlySet<SessionState> = new Set(['attract', 'out_of_service']);

/** The shell around the session's table: it reads taps, readers and news, performs the effects, and shows the screen. */
export class SessionController {
  #session: Session = newSession;
  #prefs: Prefs;
  #wasTray = 'unknown';
  readonly #timer: ScreenTimer;
  readonly #snapshots: Snapshots;
  readonly #effects: SessionEffects;

  constructor(private readonly deps: ControllerDependencies) {
    const { clock, scheduler, chance, timeouts } = deps;
    this.#prefs = deps.defaultPrefs;
    this.#snapshots = new Snapshots(newUlid(clock, chance));
    this.#effects = new SessionEffects({
      ...deps,
      slots: () => deps.surroundings().slots,
      dispatch: (event) => this.#dispatch(event),
    });
    this.#timer = new ScreenTimer({
      clock,
      scheduler,
      warnMs: timeouts.warnMs,
      onWarn: () => this.#publish(),
      onTimeout: () => this.#dispatch({ type: 'timeout' }),
    });
  }

  get state(): SessionState {
    return this.#session.state;
  }

  /** The screen as it is now. */
  get snapshot(): Snapshot {
    return this.#snapshots.stamp(this.#content(), this.#deadline);
  }

  watch(watcher: Watcher): () => void {
    return this.#snapshots.watch(watcher);
  }

  stop(): void {
    this.#timer.stop();
  }

  /** A tap on the screen: refused where it was meant for another screen, or means nothing here. */
  intent(request: IntentRequest): Result<void, Problem> {
    const fresh = this.#snapshots.check(request);
    if (!fresh.ok) return fresh;
    const { intent } = request;
    if (intent.type === 'set_prefs') return this.#setPrefs(intent);
    const { config, slots, tray } = this.deps.surroundings();
    const newId = (): string => newUlid(this.deps.clock, this.deps.chance);
    const trayOccupied = tray === 'occupied';
    const event = readTap(intent, { session: this.#session, config, slots, trayOccupied, newId });
    if (!event.ok) return event;
    return this.#handle(event.value) ? ok(undefined) : err(problem('not_now'));
  }

  /** A text from the scanner. What is scanned while the kiosk is busy is ignored; the reader swallows a scanner's repeats. */
  scanned(text: string): void {
    const event = readScan(text);
    if (event.type === 'scan_unknown') this.deps.metrics.refused('scanner', 'malformed');
    this.#dispatch(event);
  }

  /** A card's UID from the reader. */
  cardRead(text: string): void {
    const event = readCard(text);
    if (event) this.#dispatch(event);
    else this.deps.metrics.refused('card', 'malformed');
  }

  /** Something around the session changed: service, configuration, tray. */
  refresh(): void {
    const { tray, outReasons } = this.deps.surroundings();
    if (tray === 'empty' && this.#wasTray === 'occupied') this.#dispatch({ type: 'tray_emptied' });
    this.#wasTray = tray;
    this.#handle({ type: outReasons.length > 0 ? 'service_lost' : 'service_back' });
    this.#publish();
  }

  #dispatch(event: SessionEvent): void {
    this.#handle(event);
  }

  /** Takes one event; false where the table refuses it. */
  #handle(event: SessionEvent): boolean {
    const before = this.#session;
    const step = stepSession(before, event);
    if (!step.ok) return false;
    const { next: after, effects } = step.value;
    this.#session = after;
    if (before.state === 'checking' && after.state !== 'checking') this.#effects.forget();
    for (const effect of effects) this.#perform(effect, { before, after, event });
    const isNewScreen = after.state !== before.state;
    if (isNewScreen || event.type === 'timeout' || effects.includes('restart_timer')) {
      this.#timer.start(timeLimit(after, this.deps.timeouts));
    }
    if (isNewScreen) this.deps.onState(after.state);
    if (event.type === 'identified') this.#speak(event.member.language);
    this.#leaveServiceWhenDue();
    this.#publish();
    return true;
  }

  /** Arriving at the start screen, the kiosk asks itself whether it can serve before anybody sees the screen. */
  #leaveServiceWhenDue(): void {
    const isDue = this.#session.state === 'attract' && this.deps.surroundings().outReasons.length > 0;
    if (isDue) this.#handle({ type: 'service_lost' });
  }

  #perform(effect: SessionEffect, moment: Moment): void {
    if (effect === 'restart_timer') return;
    if (effect === 'reset_prefs') this.#prefs = this.deps.defaultPrefs;
    else this.#effects.perform(effect, moment);
  }

  #speak(language: Prefs['language'] | null): void {
    if (language) this.#prefs = { ...this.#prefs, language };
  }

  #setPrefs({ prefs }: Extract<Intent, { type: 'set_prefs' }>): Result<void, Problem> {
    const given = Object.fromEntries(Object.entries(prefs).filter(([, value]) => value !== undefined));
    this.#prefs = { ...this.#prefs, ...given };
    // On a screen that belongs to nobody the settings of a passer-by do not stay.
    if (nobodys.has(this.#session.state)) this.#timer.start(this.deps.timeouts.attractPrefsMs);
    this.#publish();
    return ok(undefined);
  }

  #content(): Omit<Snapshot, 'version' | 'epoch' | 'deadline'> {
    const around = this.deps.surroundings();
    const { state, data } = this.#session;
    const member = signedIn.has(state) ? data.member : null;
    return {
      screen: screenOf(this.#session, around),
      prefs: this.#prefs,
      member: member && { maskedName: member.view.maskedName, points: member.view.points },
      online: this.deps.online(),
      kioskName: around.config?.kioskName ?? '',
    };
  }

  /** Only a person's own screen shows how long it stays. */
  get #deadline(): Snapshot['deadline'] {
    return nobodys.has(this.#session.state) ? null : this.#timer.deadline;
  }

  #publish(): void {
    this.#snapshots.publish(this.#content(), this.#deadline, this.#timer.run);
  }
}
