import type { Screen, ScreenName, VendPhase } from '@tessera/shared/protocol/ui';

/** What the glass shows, the phases of a vend told apart. */
export type Moment = Exclude<ScreenName, 'dispensing'> | VendPhase;

export const momentOf = (screen: Screen | undefined): Moment | undefined =>
  screen?.name === 'dispensing' ? screen.phase : screen?.name;
