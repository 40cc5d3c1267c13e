import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { call } from './api/client.ts';
import { Icon, type IconName } from './parts/icon.tsx';
import { Mark } from './parts/mark.tsx';
import { Preferences } from './parts/preferences.tsx';
import { Tag } from './parts/tag.tsx';
import { heardAt } from './state/heartbeat.ts';
import { language, say, timeText, type SayKey } from './state/language.ts';
import { readNames } from './state/names.ts';
import { linkTo, route, type Route } from './state/route.ts';
import { session, type Session } from './state/session.ts';
import { ticks } from './state/ticks.ts';
import { Audit } from './views/audit.tsx';
import { Check } from './views/check.tsx';
import { Differences } from './views/differences.tsx';
import { Kiosks } from './views/kiosks.tsx';
import { Messages } from './views/messages.tsx';
import { Pickups } from './views/pickups.tsx';
import { RedemptionView } from './views/redemption.tsx';
import { Redemptions } from './views/redemptions.tsx';
import { SignIn } from './views/sign-in.tsx';

const places: readonly (readonly [string, SayKey, IconName])[] = [
  ['kiosks', 'navKiosks', 'kiosk'],
  ['redemptions', 'navRedemptions', 'swap'],
  ['pickups', 'navPickups', 'bag'],
  ['messages', 'navMessages', 'mail'],
  ['differences', 'navDifferences', 'balance'],
  ['audit', 'navAudit', 'book'],
  ['check', 'navCheck', 'shield'],
];

export function App(): JSX.Element {
  document.title = say('title');
  const who = session.value;
  // A change of language builds the tree anew, so that nothing keeps a word of the last one.
  return who === undefined ? <SignIn key={language.value} /> : <Desk key={language.value} who={who} />;
}

function Desk({ who }: { readonly who: Session }): JSX.Element {
  useEffect(() => {
    void readNames();
  }, [who.token]);
  const here = route.value;
  return (
    <div class="desk">
      <a class="skip" href="#content" onClick={skipToContent}>
        {say('skip')}
      </a>
      <aside class="rail">
        <div class="brand">
          <Mark />
          <span>Tessera</span>
        </div>
        <nav aria-label={say('navMain')}>
          {places.map(([page, word, icon]) => (
            <a key={page} href={linkTo(page)} aria-current={here.page === page ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{say(word)}</span>
            </a>
          ))}
        </nav>
        <div class="rail-foot">
          <Heartbeat />
          <Preferences />
          <p class="small soft">{say('signedInAs', who.name)}</p>
          <button type="button" class="plain" onClick={signOut}>
            {say('signOut')}
          </button>
        </div>
      </aside>
      <main id="content" tabIndex={-1}>
        <Place key={`${here.page}/${here.page === 'redemptions' ? (here.item ?? '') : ''}`} here={here} />
      </main>
    </div>
  );
}

/** The address belongs to the router, so the skip link moves the focus itself. */
function skipToContent(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

/** Signs out here at once, also where the server cannot hear it; its token then ends by its own time. */
function signOut(): void {
  void call('/v1/admin/sessions/current', { method: 'DELETE' });
  session.value = undefined;
}

function Place({ here }: { readonly here: Route }): JSX.Element {
  switch (here.page) {
    case 'redemptions':
      return here.item === undefined ? <Redemptions /> : <RedemptionView id={here.item} />;
    case 'pickups':
      return <Pickups />;
    case 'messages':
      return <Messages />;
    case 'differences':
      return <Differences />;
    case 'audit':
      return <Audit />;
    case 'check':
      return <Check />;
    default:
      return <Kiosks />;
  }
}

/** After this long without an answer the page says that it is old. */
const STALE_MS = 8000;

function Heartbeat(): JSX.Element {
  const heard = heardAt.value;
  if (heard === undefined || ticks.value - heard < STALE_MS) {
    return <Tag tone="good" icon="link" word={say('live')} />;
  }
  return (
    <p role="alert" class="stale">
      <Icon name="unlink" /> {say('stale', timeText(heard))}
    </p>
  );
}
