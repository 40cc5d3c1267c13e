import type { JSX } from 'preact';
import { List } from '../parts/list.tsx';
import { usePaged } from '../parts/paged.ts';
import { Tag } from '../parts/tag.tsx';
import { View } from '../parts/view.tsx';
import { say, timeText, wordFor } from '../state/language.ts';
import { linkTo } from '../state/route.ts';

type Variance = {
  readonly eventId: string;
  readonly kioskId: string;
  readonly slot: number | null;
  readonly kind: string;
  readonly reason: string;
  readonly redemptionId: string | null;
  readonly at: number;
};

type Discrepancy = {
  readonly discrepancyId: string;
  readonly redemptionId: string;
  readonly event: string;
  readonly stateThen: string;
  readonly state: 'open' | 'closed';
  readonly openedAt: number;
};

const redemptionLink = (id: string | null): JSX.Element | string =>
  id === null ? '–' : <a href={linkTo('redemptions', id)}>{id}</a>;

/** What does not add up: physical events outside a redemption, and words that contradict the books. */
export function Differences(): JSX.Element {
  const discrepancies = usePaged<Discrepancy>('/v1/discrepancies');
  const variances = usePaged<Variance>('/v1/variances');
  return (
    <View title={say('navDifferences')}>
      <h2>{say('discrepancies')}</h2>
      <List
        caption={say('discrepancies')}
        paged={discrepancies}
        keyOf={(row) => row.discrepancyId}
        columns={[
          { title: say('when'), cell: (row) => <time>{timeText(row.openedAt)}</time> },
          {
            title: say('state'),
            cell: (row) =>
              row.state === 'open' ? (
                <Tag tone="bad" icon="alert" word={say('open')} />
              ) : (
                <Tag tone="quiet" icon="check" word={say('closed')} />
              ),
          },
          { title: say('redemption'), cell: (row) => redemptionLink(row.redemptionId) },
          { title: say('kind'), cell: (row) => wordFor('event', row.event) },
          { title: say('detail'), cell: (row) => wordFor('state', row.stateThen) },
        ]}
      />
      <h2>{say('variances')}</h2>
      <List
        caption={say('variances')}
        paged={variances}
        keyOf={(row) => row.eventId}
        columns={[
          { title: say('when'), cell: (row) => <time>{timeText(row.at)}</time> },
          { title: say('kind'), cell: (row) => wordFor('variance', row.kind) },
          {
            title: say('where'),
            cell: (row) => (
              <a href={linkTo('kiosks', row.kioskId, row.slot === null ? {} : { slot: String(row.slot) })}>
                {row.slot === null ? row.kioskId : say('slot', row.slot)}
              </a>
            ),
          },
          { title: say('redemption'), cell: (row) => redemptionLink(row.redemptionId) },
          { title: say('detail'), cell: (row) => row.reason.replaceAll('_', ' ') },
        ]}
      />
    </View>
  );
}
