import type { JSX } from 'preact';
import type { Discrepancy } from '../api/answers.ts';
import { PlaceLink, RedemptionLink } from '../parts/links.tsx';
import { List } from '../parts/list.tsx';
import { usePaged } from '../parts/paged.ts';
import { Tag } from '../parts/tag.tsx';
import { View } from '../parts/view.tsx';
import { say, timeText, wordFor } from '../state/language.ts';

type Variance = {
  readonly eventId: string;
  readonly kioskId: string;
  readonly slot: number | null;
  readonly kind: string;
  readonly reason: string;
  readonly redemptionId: string | null;
  readonly at: number;
};

const redemptionLink = (id: string | null): JSX.Element | string => (id === null ? '–' : <RedemptionLink id={id} />);

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
            cell: (row) => <PlaceLink kioskId={row.kioskId} slot={row.slot} />,
          },
          { title: say('redemption'), cell: (row) => redemptionLink(row.redemptionId) },
          { title: say('detail'), cell: (row) => row.reason.replaceAll('_', ' ') },
        ]}
      />
    </View>
  );
}
