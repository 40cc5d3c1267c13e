import type { ScreenProps } from '../look/view.ts';
import { Frame } from '../parts/frame.tsx';
import { Mark } from '../parts/mark.tsx';

/** The server is being asked: our tile turns, and no bar pretends to know how long. */
export function Checking({ view }: ScreenProps<'checking'>) {
  return (
    <Frame name="still" title={view.words.checking.title}>
      <Mark turning />
    </Frame>
  );
}
