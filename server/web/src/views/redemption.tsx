import type { JSX } from 'preact';
import type { RedemptionDetail, TimelineEvent } from '../api/answers.ts';
import { useLive } from '../api/live.ts';
import { Icon } from '../parts/icon.tsx';
import { PlaceLink } from '../parts/links.tsx';
import { PickupPanel } from '../parts/pickup-panel.tsx';
import { Contradictions, Resolve } from '../parts/resolve.tsx';
import { BookTag } from '../parts/states.tsx';
import { Loaded, View } from '../parts/view.tsx';
import { numberText, say, termFor, timeText, wordFor } from '../state/language.ts';
import { actorName, rewardName } from '../state/names.ts';
import { linkTo } from '../state/route.ts';

/** One redemption: what it is, what happened to it, and how its doubt ends. */
export function RedemptionView({ id }: { readonly id: string }): JSX.Element {
  const live = useLive<RedemptionDetail>(`/v1/redemptions/${id}`);
  return (
    <View
      title={say('redemption')}
      tools={
        <a class="plain" href={linkTo('redemptions')}>
          <Icon name="back" /> {say('back')}
        </a>
      }
    >
      <Loaded live={live}>
        {(detail) => (
          <div class="detail">
            <div class="stack">
              <Facts detail={detail} />
              {detail.kind === 'pickup' && <PickupPanel detail={detail} />}
              {detail.state === 'in_doubt' && <Resolve detail={detail} onChanged={live.refresh} />}
              <Contradictions detail={detail} onChanged={live.refresh} />
            </div>
            <Timeline events={detail.events} />
          </div>
        )}
      </Loaded>
    </View>
  );
}

function Facts({ detail }: { readonly detail: RedemptionDetail }): JSX.Element {
  const evidence = Object.entries(detail.evidence ?? {}).filter(([, value]) => value !== null);
  return (
    <div class="panel">
      <div class="tags">
        <BookTag state={detail.state} />
      </div>
      <dl class="facts tall">
        <div>
          <dt>{say('gift')}</dt>
          <dd>{rewardName(detail.rewardId)}</dd>
        </div>
        <div>
          <dt>{say('price')}</dt>
          <dd class="points">{say('points', numberText(detail.price))}</dd>
        </div>
        <div>
          <dt>{say('member')}</dt>
          <dd>
            {detail.memberId === null ? (
              '–'
            ) : (
              <a href={linkTo('redemptions', undefined, { memberId: detail.memberId })}>{detail.memberId}</a>
            )}
          </dd>
        </div>
        <div>
          <dt>{say('where')}</dt>
          <dd>
            <PlaceLink kioskId={detail.kioskId} slot={detail.slot} />
          </dd>
        </div>
        <div>
          <dt>{say('reference')}</dt>
          <dd>
            <code>{detail.redemptionId}</code>
          </dd>
        </div>
      </dl>
      {evidence.length > 0 && (
        <>
          <h2 class="small-heading">{say('evidence')}</h2>
          <dl class="facts">
            {evidence.map(([name, value]) => (
              <div key={name}>
                <dt>{termFor('evidence', name)}</dt>
                <dd>{termFor('value', String(value))}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </div>
  );
}

/** Said elsewhere on this page: the evidence and the slot in the facts, who it was at each event. */
const saidElsewhere = new Set(['evidence', 'slot', 'proposedBy', 'confirmedBy']);

/** What an event says besides its name. A reason is a person's own words. */
function Detail({ detail }: { readonly detail: TimelineEvent['detail'] }): JSX.Element | null {
  const words = Object.entries(detail)
    .filter(([name]) => !saidElsewhere.has(name))
    .map(([name, value]) => {
      const text = String(value);
      if (name === 'verdict') return wordFor('state', text);
      return name === 'reason' ? `“${termFor('value', text)}”` : `${name} ${termFor('value', text)}`;
    });
  if (words.length === 0) return null;
  return (
    <span class="small soft" dir="auto">
      {words.join(' · ')}
    </span>
  );
}

function Timeline({ events }: { readonly events: readonly TimelineEvent[] }): JSX.Element {
  return (
    <div class="panel">
      <h2>{say('timeline')}</h2>
      <ol class="timeline">
        {events.map((event, index) => (
          <li key={index}>
            <time>{timeText(event.at)}</time>
            <strong>{wordFor('event', event.event)}</strong>
            <span class="soft small">{say('by', actorName(event.by))}</span>
            {event.from !== event.to && <BookTag state={event.to} />}
            <Detail detail={event.detail} />
          </li>
        ))}
      </ol>
    </div>
  );
}
