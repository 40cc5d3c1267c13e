import type { ReadonlySignal } from '@preact/signals';
import type { Screen } from '@tessera/shared/protocol/ui';
import type { Link } from './link/link.ts';
import type { Shape } from './look/layout.ts';
import type { View } from './look/view.ts';
import { Header } from './parts/header.tsx';
import { MoreTime } from './parts/more-time.tsx';
import { Waiting } from './parts/waiting.tsx';
import { Attract } from './screens/attract.tsx';
import { Checking } from './screens/checking.tsx';
import { Choose } from './screens/choose.tsx';
import { Confirm } from './screens/confirm.tsx';
import { Dispensing } from './screens/dispensing.tsx';
import { EnterNumber } from './screens/enter-number.tsx';
import { EnterPin } from './screens/enter-pin.tsx';
import { Failed } from './screens/failed.tsx';
import { Identify } from './screens/identify.tsx';
import { InDoubt } from './screens/in-doubt.tsx';
import { OutOfService } from './screens/out-of-service.tsx';
import { Take } from './screens/take.tsx';
import type { Words } from './words/index.ts';

interface AppProps {
  readonly link: Link;
  /** The words on the glass: the person's language, or on the attract screen each in turn; null before the first snapshot. */
  readonly words: ReadonlySignal<Words | null>;
  readonly shape: ReadonlySignal<Shape>;
}

/** The whole page: the snapshot, drawn. Without one, only the mark and “one moment”, so that nothing of a member can stay. */
export function App({ link, words, shape }: AppProps) {
  const snapshot = link.snapshot.value;
  const spoken = words.value;
  if (snapshot === null || spoken === null) return <Waiting words={spoken} />;
  const view: View = {
    words: spoken,
    prefs: snapshot.prefs,
    member: snapshot.member,
    kioskName: snapshot.kioskName,
    shape: shape.value,
    send: link.send,
  };
  const notice = link.notice.value;
  const { screen, deadline, epoch } = snapshot;
  return (
    <div class="stage" data-screen={screen.name} data-version={snapshot.version}>
      <Header key={`header ${screen.name}`} snapshot={snapshot} view={view} />
      <CurrentScreen key={`${epoch} ${screen.name}`} screen={screen} view={view} />
      {deadline?.warn === true && <MoreTime deadline={deadline} words={spoken} send={link.send} />}
      <p class={notice === null ? 'toast' : 'toast toast-shown'} role="status">
        {notice !== null && (spoken.notes[notice] ?? spoken.notes.other)}
      </p>
    </div>
  );
}

function CurrentScreen({ screen, view }: { readonly screen: Screen; readonly view: View }) {
  switch (screen.name) {
    case 'out_of_service':
      return <OutOfService screen={screen} view={view} />;
    case 'attract':
      return <Attract screen={screen} view={view} />;
    case 'identify':
      return <Identify screen={screen} view={view} />;
    case 'enter_number':
      return <EnterNumber screen={screen} view={view} />;
    case 'enter_pin':
      return <EnterPin screen={screen} view={view} />;
    case 'checking':
      return <Checking screen={screen} view={view} />;
    case 'choose':
      return <Choose screen={screen} view={view} />;
    case 'confirm':
      return <Confirm screen={screen} view={view} />;
    case 'dispensing':
      return <Dispensing screen={screen} view={view} />;
    case 'take':
      return <Take screen={screen} view={view} />;
    case 'failed':
      return <Failed screen={screen} view={view} />;
    case 'in_doubt':
      return <InDoubt screen={screen} view={view} />;
  }
}
