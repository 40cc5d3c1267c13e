import type { JSX } from 'preact';
import type { Redemption } from '../api/answers.ts';
import { List } from '../parts/list.tsx';
import { usePaged } from '../parts/paged.ts';
import { RedemptionLink } from '../parts/links.tsx';
import { BookTag } from '../parts/states.tsx';
import { View } from '../parts/view.tsx';
import { say, timeText } from '../state/language.ts';
import { rewardName } from '../state/names.ts';

/** Orders for a kiosk; each opens with its code and its end. */
export function Pickups(): JSX.Element {
  const paged = usePaged<Redemption>('/v1/redemptions', { kind: 'pickup' });
  return (
    <View title={say('navPickups')} lead={say('pickupCancelLead')}>
      <List
        caption={say('navPickups')}
        paged={paged}
        keyOf={(row) => row.redemptionId}
        columns={[
          { title: say('when'), cell: (row) => <time>{timeText(row.createdAt)}</time> },
          { title: say('state'), cell: (row) => <BookTag state={row.state} /> },
          {
            title: say('order'),
            cell: (row) => <RedemptionLink id={row.redemptionId} />,
          },
          { title: say('gift'), cell: (row) => rewardName(row.rewardId) },
          { title: say('member'), cell: (row) => <code>{row.memberId ?? '–'}</code> },
        ]}
      />
    </View>
  );
}
