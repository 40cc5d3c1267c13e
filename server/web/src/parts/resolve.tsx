import type { JSX } from 'preact';
import type { RedemptionDetail, Resolution } from '../api/answers.ts';
import { numberText, say } from '../state/language.ts';
import { actorName } from '../state/names.ts';
import { linkTo } from '../state/route.ts';
import { session } from '../state/session.ts';
import { Field, fieldText } from './field.tsx';
import { Refused } from './notice.tsx';
import { useSend } from './send.ts';

const outcomeWords = { captured: 'decideCaptured', released: 'decideReleased', dismissed: 'dismissed' } as const;

/** Ends a doubt by two staff: one proposes, another confirms. */
export function Resolve(props: { readonly detail: RedemptionDetail; readonly onChanged: () => void }): JSX.Element {
  const { detail } = props;
  const open = detail.resolutions.find((resolution) => resolution.state === 'proposed');
  const slot = detail.slot === null ? {} : { slot: String(detail.slot) };
  return (
    <section class="panel stack" aria-labelledby="resolve">
      <h2 id="resolve">{say('resolve')}</h2>
      <p class="soft">{say('resolveLead', detail.slot ?? '–')}</p>
      <a class="plain" href={linkTo('kiosks', detail.kioskId, slot)}>
        {say('count')}
      </a>
      {open === undefined ? (
        <Propose detail={detail} onChanged={props.onChanged} />
      ) : (
        <Confirm detail={detail} open={open} onChanged={props.onChanged} />
      )}
    </section>
  );
}

function Propose(props: { readonly detail: RedemptionDetail; readonly onChanged: () => void }): JSX.Element {
  const sending = useSend<unknown>(props.onChanged);
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const body = { outcome: fieldText(form, 'outcome'), reason: fieldText(form, 'reason') };
        void sending.send(`/v1/redemptions/${props.detail.redemptionId}/resolutions`, body);
      }}
    >
      <fieldset>
        <legend>{say('state')}</legend>
        {(['captured', 'released'] as const).map((outcome) => (
          <label key={outcome} class="radio">
            <input type="radio" name="outcome" value={outcome} required />
            <span>{say(outcomeWords[outcome])}</span>
          </label>
        ))}
      </fieldset>
      <Field label={say('reason')} name="reason" required />
      {sending.problem !== undefined && <Refused problem={sending.problem} />}
      <button type="submit" class="primary" disabled={sending.busy}>
        {say('propose')}
      </button>
    </form>
  );
}

function Confirm(props: {
  readonly detail: RedemptionDetail;
  readonly open: Resolution;
  readonly onChanged: () => void;
}): JSX.Element {
  const sending = useSend<unknown>(props.onChanged);
  const { open, detail } = props;
  const own = open.proposedBy === session.value?.id || open.proposedBy === `admin:${session.value?.id ?? ''}`;
  const path = `/v1/redemptions/${detail.redemptionId}/resolutions/${open.resolutionId}/confirmation`;
  return (
    <div class="stack">
      <p class="strong">{say('proposed', actorName(open.proposedBy), say(outcomeWords[open.outcome]))}</p>
      <p class="soft">“{open.reason}”</p>
      {own ? (
        <p role="note">{say('proposedBySelf')}</p>
      ) : (
        <>
          <p>{say('confirmLead', numberText(detail.price))}</p>
          {sending.problem !== undefined && <Refused problem={sending.problem} />}
          <button type="button" class="danger" disabled={sending.busy} onClick={() => void sending.send(path, {})}>
            {say('confirm')}
          </button>
        </>
      )}
    </div>
  );
}
