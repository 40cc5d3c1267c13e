import type { Intent, Screen, ScreenName } from '@tessera/shared/protocol/ui';
import type { Moment } from '../../harness/moment.ts';
import type { EndState } from './end-state.ts';

export type Victim = 'daemon' | 'guard' | 'server';

/**
 * All that the script does to a world, and sees of it. One set of hands moves real processes, the other the simulation: the
 * script cannot tell which it holds.
 */
export type Hands = {
  readonly member: { readonly memberId: string; readonly pin: string };
  /** The gift that a slot holds. */
  rewardOf(slot: number): string;
  /** Waits until the glass shows a screen. */
  screen<Name extends ScreenName>(name: Name): Promise<Extract<Screen, { name: Name }>>;
  /** Waits until the glass shows a moment. */
  moment(moment: Moment): Promise<void>;
  tap(intent: Intent): Promise<void>;
  scan(text: string): Promise<void>;
  /** Something is wrong with a slot the next time that it turns. */
  spoil(slot: number, fault: 'jam' | 'hang' | 'double_drop'): Promise<void>;
  blindBeam(): Promise<void>;
  /** Makes everything whole again. */
  mend(): Promise<void>;
  takeGift(): Promise<void>;
  /** Ends a process now, as SIGKILL does; it is started again. */
  kill(victim: Victim): Promise<void>;
  /** Starts a process anew, so that each of its next lives ends at a failpoint. */
  arm(victim: 'daemon' | 'guard', lives: readonly string[]): Promise<void>;
  earn(points: number): Promise<void>;
  /** Orders a gift on the web; answers its code. */
  order(slot: number): Promise<{ readonly redemptionId: string; readonly code: string }>;
  cancel(redemptionId: string): Promise<void>;
  /** Counts what is in a slot and in the tray; answers what it proved. */
  count(slot: number): Promise<string>;
  /** Waits until all processes work together, and nothing is under way. */
  settle(): Promise<void>;
  endState(): Promise<EndState>;
  close(): Promise<void>;
};
