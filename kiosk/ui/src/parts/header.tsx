import { useState } from 'preact/hooks';
import type { Snapshot } from '@tessera/shared/protocol/ui';
import type { View } from '../look/view.ts';
import { Icon } from './icon.tsx';
import { Mark } from './mark.tsx';
import { AidsPanel, LanguagePanel } from './panels.tsx';
import { Ring } from './ring.tsx';
import { Trail } from './trail.tsx';

interface HeaderProps {
  readonly snapshot: Snapshot;
  readonly view: View;
}

/** Always there: the mark, where I am, language, ease of use; and once signed in who, how many points, and the way out. */
export function Header({ snapshot, view }: HeaderProps) {
  const [open, setOpen] = useState<'language' | 'aids' | null>(null);
  const { words, prefs, send } = view;
  const { member, deadline } = snapshot;
  const panel = { words, prefs, send, onClose: () => setOpen(null) };
  const ring = deadline !== null && <Ring key={`${snapshot.epoch}/${String(snapshot.version)}`} deadline={deadline} />;
  // A vend that has begun ends by itself; nobody can leave it.
  const busy = snapshot.screen.name === 'dispensing';
  return (
    <header class="header">
      <Mark />
      <Trail at={snapshot.screen.name} words={words} />
      <div class="header-space" />
      {member !== null && (
        <p class="member">
          <span class="unseen">{words.member}</span>
          <span class="member-name" dir="auto">
            {member.maskedName}
          </span>
          <span class="member-points">
            <span class="points-figure">{words.figure(member.points)}</span>
            <span class="points-word">
              {' '}
              {words.points(member.points).replace(words.figure(member.points), '').trim()}
            </span>
          </span>
        </p>
      )}
      {member === null && ring}
      <button
        type="button"
        class="tool"
        aria-label={`${words.languages}: ${words.ownName}`}
        aria-haspopup="dialog"
        onClick={() => setOpen('language')}
      >
        <Icon name="language" />
        <span class="tool-word">{words.ownName}</span>
      </button>
      <button
        type="button"
        class="tool"
        aria-label={words.accessibility}
        aria-haspopup="dialog"
        onClick={() => setOpen('aids')}
      >
        <Icon name="person" />
      </button>
      {member !== null && (
        <button type="button" class="tool tool-end" aria-disabled={busy} onClick={() => !busy && send({ type: 'end' })}>
          {ring}
          <span>{words.end}</span>
        </button>
      )}
      {open === 'language' && <LanguagePanel {...panel} />}
      {open === 'aids' && <AidsPanel {...panel} />}
    </header>
  );
}
