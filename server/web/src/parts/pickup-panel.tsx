import type { JSX } from 'preact';
import type { Pickup, RedemptionDetail } from '../api/answers.ts';
import { useLive } from '../api/live.ts';
import { say, timeText } from '../state/language.ts';
import { Refused } from './notice.tsx';
import { useSend } from './send.ts';
import { Loaded } from './view.tsx';

/** An order for a kiosk: its code, until when it works, and the one thing staff may do: ask for its cancellation. */
export function PickupPanel({ detail }: { readonly detail: RedemptionDetail }): JSX.Element {
  const path = `/v1/pickups/${detail.redemptionId}`;
  const live = useLive<Pickup>(path);
  const sending = useSend<unknown>(live.refresh);
  return (
    <section class="panel stack" aria-labelledby="order">
      <h2 id="order">{say('order')}</h2>
      <Loaded live={live}>
        {(pickup) => (
          <>
            <dl class="facts tall">
              <div>
                <dt>{say('expires')}</dt>
                <dd>{timeText(pickup.expiresAt)}</dd>
              </div>
              <div>
                <dt>{say('pickupCode')}</dt>
                <dd>
                  <code class="breaking" dir="ltr">
                    {pickup.code}
                  </code>
                </dd>
              </div>
            </dl>
            {pickup.ending !== null && <p role="note">{endingText(pickup)}</p>}
            {sending.problem !== undefined && <Refused problem={sending.problem} />}
            {pickup.ending === null && pickup.state === 'held' && (
              <>
                <p class="soft small">{say('pickupCancelLead')}</p>
                <button
                  type="button"
                  class="danger"
                  disabled={sending.busy}
                  onClick={() => void sending.send(`${path}/cancellation`, {})}
                >
                  {say('pickupCancel')}
                </button>
              </>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

function endingText(pickup: Pickup): string {
  const asked = pickup.ending === 'expired' ? say('event_expired') : say('pickupCancelled');
  return pickup.state === 'held' ? `${asked} · ${say('pickupAsked')}` : asked;
}
