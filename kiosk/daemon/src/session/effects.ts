import type { Clock } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import type { IdentifyRequest } from '@tessera/shared/protocol/kiosk';
import type { SlotView } from '@tessera/shared/protocol/kiosk-parts';
import { assert } from '@tessera/shared/result';
import type { Link } from '../link/link.ts';
import type { Log } from '../platform/log-events.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { RedemptionNews } from '../redemption/events.ts';
import type { RedemptionRunner } from '../redemption/runner.ts';
import type { SessionEffect, SessionEvent, SessionEventOf } from './events.ts';
import { eventOfNews, noteOf } from './news.ts';
import { slotForWalkUp } from './offers.ts';
import { examinePickup, type PickupFacts } from './pickup-desk.ts';
import type { Session } from './step.ts';

export type EffectTools = {
  readonly link: Pick<Link, 'ask' | 'online'>;
  readonly runner: Pick<RedemptionRunner, 'walkUp' | 'pickup' | 'prove'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly slots: () => readonly SlotView[];
  /** Null while the kiosk has no configuration. */
  readonly pickupFacts: () => PickupFacts | null;
  /** Takes an event of the session; refused ones change nothing. */
  readonly dispatch: (event: SessionEvent) => void;
  readonly fatal: (error: unknown) => void;
};

/** One step of the session, as its effects see it. */
export type Moment = { readonly before: Session; readonly after: Session; readonly event: SessionEvent };

/** Does what the session's table asks for outside of the session: the server, the redemption, the code. */
export class SessionEffects {
  /** Rises with each question about a credential: an answer to an older one finds nobody. */
  #asked = 0;

  constructor(private readonly tools: EffectTools) {}

  /** Performs one effect; timers and preferences are the controller's own. */
  perform(effect: Exclude<SessionEffect, 'restart_timer' | 'reset_prefs'>, moment: Moment): void {
    switch (effect) {
      case 'identify':
        this.#identify(moment).catch(this.tools.fatal);
        return;
      case 'close_session':
        this.#asked += 1;
        if (moment.before.data.member) this.#close(moment.before.data.member.sessionId);
        return;
      case 'prove':
        this.#prove(moment);
        return;
      case 'redeem':
        this.#redeem(moment).catch(this.tools.fatal);
        return;
      case 'check_pickup':
        this.#pickup(moment).catch(this.tools.fatal);
        return;
      case 'note_tray_full':
        if (!moment.before.data.trayEmpty) this.tools.log('tray_not_emptied');
        return;
    }
  }

  /** Whatever is answered from now on is not for this session. */
  forget(): void {
    this.#asked += 1;
  }

  #close(sessionId: string): void {
    if (this.tools.link.online) void this.tools.link.ask('end_session', { sessionId });
  }

  #prove({ after }: Moment): void {
    const { runner, slots } = this.tools;
    const slot = after.data.reward && slotForWalkUp(slots(), after.data.reward.rewardId);
    if (slot) runner.prove(slot.slot);
  }

  async #identify({ after, event }: Moment): Promise<void> {
    const { link, dispatch } = this.tools;
    const { credential } = after.data;
    assert(credential !== null, 'a credential was shown');
    this.#asked += 1;
    const asked = this.#asked;
    const pin = event.type === 'submit_pin' ? event.pin : '';
    const request: IdentifyRequest = credential.kind === 'qr' ? credential : { ...credential, pin };
    const answer = await link.ask('identify', request);
    if (asked !== this.#asked) {
      if (answer.ok) this.#close(answer.value.sessionId);
      return;
    }
    if (answer.ok) {
      dispatch({ type: 'identified', sessionId: answer.value.sessionId, member: answer.value.member });
      return;
    }
    const note = noteOf(answer.error);
    const refused = { qr: 'refused_scan', card: 'refused_card', member_id: 'refused_number' } as const;
    dispatch({ type: refused[credential.kind], note });
  }

  async #redeem({ after, event }: Moment): Promise<void> {
    const { runner } = this.tools;
    const { reward, member } = after.data;
    assert(event.type === 'confirm' && reward !== null && member !== null, 'a member confirmed a gift');
    const { redemptionId, slot, planogramVersion } = event satisfies SessionEventOf<'confirm'>;
    const { rewardId, price } = reward;
    const order = { redemptionId, sessionId: member.sessionId, rewardId, price, slot, planogramVersion };
    await runner.walkUp(order, (news) => this.#hear(news));
  }

  /** What the running redemption tells; its end is counted. */
  #hear(news: RedemptionNews): void {
    if (news.type !== 'authorised' && news.type !== 'phase') this.tools.metrics.ended(news.type);
    this.tools.dispatch(eventOfNews(news));
  }

  async #pickup({ event }: Moment): Promise<void> {
    const { runner, dispatch, pickupFacts, log, metrics } = this.tools;
    assert(event.type === 'scan_pickup', 'a code was scanned');
    const facts = pickupFacts();
    const accepted = facts && examinePickup(event.text, facts);
    if (!accepted?.ok) {
      const code = accepted ? accepted.error : problem('unavailable').code;
      log('pickup_refused', { code });
      metrics.refused('scanner', code);
      dispatch({ type: 'pickup_refused', code });
      return;
    }
    const { order, reward } = accepted.value;
    dispatch({ type: 'pickup_accepted', redemptionId: order.redemptionId, reward, slot: order.slot });
    const isServed = await runner.pickup(order, (news) => this.#hear(news));
    if (!isServed) dispatch({ type: 'gave_up', code: 'pickup_code_used' });
  }
}
