import type { JSX } from 'preact';
import type { Kiosk, Page, Slot } from '../api/answers.ts';
import { useLive } from '../api/live.ts';
import { Cabinet } from '../parts/cabinet.tsx';
import { Icon } from '../parts/icon.tsx';
import { SlotPanel, slotWorks, type SlotWork } from '../parts/slot-panel.tsx';
import { KioskTag, OnlineTag, trayWord } from '../parts/states.tsx';
import { Loaded, View } from '../parts/view.tsx';
import { say, termFor, timeText } from '../state/language.ts';
import { goTo, linkTo, route } from '../state/route.ts';

/** The fleet, and one cabinet as it stands in the street. The slot that is open stands in the address. */
export function Kiosks(): JSX.Element {
  const kiosks = useLive<Page<Kiosk>>('/v1/kiosks?limit=200');
  return (
    <View title={say('navKiosks')}>
      <Loaded live={kiosks}>
        {(page) => {
          const chosen = page.items.find((kiosk) => kiosk.kioskId === route.value.item) ?? page.items[0];
          if (chosen === undefined) return <p class="soft pad">{say('kiosksNone')}</p>;
          return (
            <>
              {page.items.length > 1 && <Fleet kiosks={page.items} chosen={chosen.kioskId} />}
              <OneKiosk key={chosen.kioskId} kiosk={chosen} />
            </>
          );
        }}
      </Loaded>
    </View>
  );
}

function Fleet(props: { readonly kiosks: readonly Kiosk[]; readonly chosen: string }): JSX.Element {
  return (
    <nav class="fleet" aria-label={say('kioskChoose')}>
      {props.kiosks.map((kiosk) => (
        <a
          key={kiosk.kioskId}
          href={linkTo('kiosks', kiosk.kioskId)}
          aria-current={kiosk.kioskId === props.chosen ? 'true' : undefined}
        >
          <span class="strong">{kiosk.name}</span>
          <OnlineTag kiosk={kiosk} />
        </a>
      ))}
    </nav>
  );
}

function OneKiosk({ kiosk }: { readonly kiosk: Kiosk }): JSX.Element {
  const slots = useLive<{ items: readonly Slot[] }>(`/v1/kiosks/${kiosk.kioskId}/slots`);
  const { filters } = route.value;
  const open = Number(filters.get('slot') ?? 0);
  const work = slotWorks.find((name) => name === filters.get('do')) ?? 'load';
  const show = (slot: number | undefined, doing?: SlotWork): void => {
    const shown = slot === undefined ? {} : { slot: String(slot), ...(doing === undefined ? {} : { do: doing }) };
    goTo(linkTo('kiosks', kiosk.kioskId, shown));
  };
  return (
    <div class="kiosk">
      <Loaded live={slots}>
        {({ items }) => {
          const chosen = items.find((slot) => slot.slot === open);
          return (
            <div class="cabinet-and-panel">
              <Cabinet
                kiosk={kiosk}
                slots={items}
                open={open}
                counting={work === 'count' ? open : undefined}
                onOpen={(slot) => {
                  show(slot);
                }}
              />
              <div class="stack beside">
                {chosen !== undefined && (
                  <SlotPanel
                    key={chosen.slot}
                    kioskId={kiosk.kioskId}
                    slot={chosen}
                    work={work}
                    onWork={(doing) => {
                      show(chosen.slot, doing);
                    }}
                    onChanged={slots.refresh}
                    onClose={() => {
                      show(undefined);
                      document.getElementById(`slot-${String(chosen.slot)}`)?.focus();
                    }}
                  />
                )}
                <KioskFacts kiosk={kiosk} />
              </div>
            </div>
          );
        }}
      </Loaded>
    </div>
  );
}

const doorWord = (door: string | null): string =>
  say(door === 'closed' ? 'doorClosed' : door === 'open' ? 'doorOpen' : 'unknown');

/** A stable word, or `slot 3: reason` of a slot that the kiosk itself took out of service. */
function problemText(problem: string): string {
  const [, slot, reason] = /^slot (\d+): (.*)$/.exec(problem) ?? [];
  if (slot === undefined || reason === undefined) return termFor('problem', problem);
  return `${say('slot', slot)}: ${termFor('value', reason)}`;
}

function KioskFacts({ kiosk }: { readonly kiosk: Kiosk }): JSX.Element {
  const { live } = kiosk;
  const facts: readonly (readonly [string, string])[] = [
    [say('screen'), live.screen === null ? '–' : termFor('screen', live.screen)],
    [say('door'), doorWord(live.door)],
    [say('tray'), trayWord(live.tray)],
    [say('outbox'), String(live.outbox ?? '–')],
    [say('lastSeen'), timeText(live.lastSeenAt)],
  ];
  return (
    <div class="panel kiosk-facts">
      <div class="kiosk-name">
        <h2>{kiosk.name}</h2>
        <code class="soft">{kiosk.kioskId}</code>
        <div class="tags">
          <OnlineTag kiosk={kiosk} />
          <KioskTag state={kiosk.state} />
        </div>
      </div>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {live.problems.length === 0 ? (
        <p class="soft small">{say('noProblems')}</p>
      ) : (
        <ul class="problems" aria-label={say('problems')}>
          {live.problems.map((problem) => (
            <li key={problem}>
              <Icon name="alert" />
              {problemText(problem)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
