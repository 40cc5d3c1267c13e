import type { JSX } from 'preact';
import type { BookState } from '@tessera/shared/redemption/books';
import { List } from '../parts/list.tsx';
import { Refused } from '../parts/notice.tsx';
import { usePaged } from '../parts/paged.ts';
import { useSend } from '../parts/send.ts';
import { BookTag } from '../parts/states.tsx';
import { View } from '../parts/view.tsx';
import { say, timeText } from '../state/language.ts';
import { rewardName } from '../state/names.ts';
import { linkTo } from '../state/route.ts';

type Pickup = {
  readonly redemptionId: string;
  readonly kioskId: string;
  readonly memberId: string;
  readonly rewardId: string;
  readonly price: number;
  readonly state: BookState;
  readonly expiresAt: number;
  readonly ending: 'cancelled' | 'expired' | null;
};

/** Orders for a kiosk, with the one thing staff may do: ask for a cancellation. */
export function Pickups(): JSX.Element {
  const paged = usePaged<Pickup>('/v1/pickups');
  const sending = useSend<unknown>(paged.live.refresh);
  return (
    <View title={say('navPickups')} lead={say('pickupCancelLead')}>
      {sending.problem !== undefined && <Refused problem={sending.problem} />}
      <List
        caption={say('navPickups')}
        paged={paged}
        keyOf={(row) => row.redemptionId}
        columns={[
          {
            title: say('order'),
            cell: (row) => <a href={linkTo('redemptions', row.redemptionId)}>{row.redemptionId}</a>,
          },
          { title: say('state'), cell: (row) => <BookTag state={row.state} /> },
          { title: say('gift'), cell: (row) => rewardName(row.rewardId) },
          { title: say('member'), cell: (row) => <code>{row.memberId}</code> },
          { title: say('expires'), cell: (row) => <time>{timeText(row.expiresAt)}</time> },
          {
            title: say('action'),
            cell: (row) =>
              row.ending === null && row.state === 'held' ? (
                <button
                  type="button"
                  class="plain"
                  disabled={sending.busy}
                  onClick={() => void sending.send(`/v1/pickups/${row.redemptionId}/cancellation`, {})}
                >
                  {say('pickupCancel')}
                </button>
              ) : (
                wordFor(row.ending)
              ),
          },
        ]}
      />
    </View>
  );
}

const wordFor = (ending: Pickup['ending']): string =>
  ending === null ? '–' : ending === 'cancelled' ? say('pickupCancelled') : say('event_expired');
