import type { JSX } from 'preact';
import type { Discrepancy, Page, RedemptionDetail, Resolution } from '../api/answers.ts';
import { useLive } from '../api/live.ts';
import { numberText, say, wordFor } from '../state/language.ts';
import { actorName } from '../state/names.ts';
import { linkTo } from '../state/route.ts';
import { session } from '../state/session.ts';
import { Field, fieldText } from './field.tsx';
import { Refused } from './notice.tsx';
import { useSend } from './send.ts';

const outcomeWords = { captured: 'decideCaptured', released: 'decideReleased', dismissed: 'dismissed' } as const;
type Outcome = keyof typeof outcomeWords;

type Case = {
  /** The address below which proposals are made: a redemption in doubt, or a discrepancy. */
  readonly path: string;
  readonly outcomes: readonly Outcome[];
  readonly open: Resolution | undefined;
  readonly price: number;
  readonly onChanged: () => void;
};

type DetailProps = { readonly detail: RedemptionDetail; readonly onChanged: () => void };

/** Ends a doubt by two staff: one proposes, another confirms. A blind count is the better proof, so it stands first. */
export function Resolve({ detail, onChanged }: DetailProps): JSX.Element {
  const open = detail.resolutions.find((one) => one.state === 'proposed' && one.discrepancyId === null);
  const slot = detail.slot === null ? {} : { slot: String(detail.slot), do: 'count' };
  return (
    <section class="panel stack" aria-labelledby="resolve">
      <h2 id="resolve">{say('resolve')}</h2>
      <p class="soft">{say('resolveLead', detail.slot ?? '–')}</p>
      <a class="plain" href={linkTo('kiosks', detail.kioskId, slot)}>
        {say('count')}
      </a>
      <TwoStaff
        path={`/v1/redemptions/${detail.redemptionId}`}
        outcomes={['captured', 'released']}
        open={open}
        price={detail.price}
        onChanged={onChanged}
      />
    </section>
  );
}

/** What contradicts the books of an ended redemption, each with its own two staff. */
export function Contradictions({ detail, onChanged }: DetailProps): JSX.Element {
  const live = useLive<Page<Discrepancy>>('/v1/discrepancies?state=open&limit=200');
  const own = (live.data?.items ?? []).filter((one) => one.redemptionId === detail.redemptionId);
  const changed = (): void => {
    live.refresh();
    onChanged();
  };
  return (
    <>
      {own.map((one) => (
        <section class="panel stack" key={one.discrepancyId} aria-labelledby={one.discrepancyId}>
          <h2 id={one.discrepancyId}>{say('contradiction')}</h2>
          <p class="soft">{say('contradictionLead', wordFor('event', one.event), wordFor('state', one.stateThen))}</p>
          <TwoStaff
            path={`/v1/discrepancies/${one.discrepancyId}`}
            outcomes={['captured', 'released', 'dismissed']}
            open={detail.resolutions.find(
              (proposal) => proposal.state === 'proposed' && proposal.discrepancyId === one.discrepancyId,
            )}
            price={detail.price}
            onChanged={changed}
          />
        </section>
      ))}
    </>
  );
}

const TwoStaff = (props: Case): JSX.Element =>
  props.open === undefined ? <Propose {...props} /> : <Confirm {...props} open={props.open} />;

function Propose(props: Case): JSX.Element {
  const sending = useSend<unknown>(props.onChanged);
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const body = { outcome: fieldText(form, 'outcome'), reason: fieldText(form, 'reason') };
        void sending.send(`${props.path}/resolutions`, body);
      }}
    >
      <fieldset>
        <legend>{say('decision')}</legend>
        {props.outcomes.map((outcome) => (
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

function Confirm({ open, path, price, onChanged }: Case & { readonly open: Resolution }): JSX.Element {
  const sending = useSend<unknown>(onChanged);
  const own = open.proposedBy.endsWith(session.value?.id ?? 'nobody');
  return (
    <div class="stack">
      <p class="strong">{say('proposed', actorName(open.proposedBy), say(outcomeWords[open.outcome]))}</p>
      <p class="soft">“{open.reason}”</p>
      {own ? (
        <p role="note">{say('proposedBySelf')}</p>
      ) : (
        <>
          {open.outcome !== 'dismissed' && <p>{say('confirmLead', numberText(price))}</p>}
          {sending.problem !== undefined && <Refused problem={sending.problem} />}
          <button
            type="button"
            class="danger"
            disabled={sending.busy}
            onClick={() => void sending.send(`${path}/resolutions/${open.resolutionId}/confirmation`, {})}
          >
            {say('confirm')}
          </button>
        </>
      )}
    </div>
  );
}
