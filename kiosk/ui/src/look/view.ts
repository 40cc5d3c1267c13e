import type { Intent, Prefs, Screen, ScreenName, Snapshot } from '@tessera/shared/protocol/ui';
import type { Words } from '../words/index.ts';
import type { Shape } from './layout.ts';

/** What every screen may look at besides its own part of the snapshot. */
export interface View {
  readonly words: Words;
  readonly prefs: Prefs;
  readonly member: Snapshot['member'];
  readonly kioskName: string;
  readonly shape: Shape;
  readonly send: (intent: Intent) => void;
}

export type ScreenOf<Name extends ScreenName> = Extract<Screen, { name: Name }>;
export interface ScreenProps<Name extends ScreenName> {
  readonly screen: ScreenOf<Name>;
  readonly view: View;
}
