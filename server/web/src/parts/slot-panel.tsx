import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Count, Slot } from '../api/answers.ts';
import { say, termFor, wordFor, type SayKey } from '../state/language.ts';
import { rewardName } from '../state/names.ts';
import { Field, fieldText } from './field.tsx';
import { Icon } from './icon.tsx';
import { Done, Refused } from './notice.tsx';
import { useSend, type Sending } from './send.ts';
import { slotLook } from './states.tsx';
import { Tag } from './tag.tsx';

/** What can be done to a slot; it stands in the address as `do`. */
export const slotWorks = ['load', 'count', 'adjust', 'service'] as const;
export type SlotWork = (typeof slotWorks)[number];

/** What a person does to one slot: load, count blind, adjust, take out or return. */
export function SlotPanel(props: {
  readonly kioskId: string;
  readonly slot: Slot;
  readonly work: SlotWork;
  readonly onWork: (work: SlotWork) => void;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}): JSX.Element {
  const { slot, work } = props;
  const sending = useSend<Partial<Count>>(props.onChanged);
  const heading = useRef<HTMLHeadingElement>(null);
  const look = slotLook(slot);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <aside
      class="panel slot-panel"
      aria-label={say('slot', slot.slot)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onClose();
      }}
    >
      <header>
        <div>
          <h2 tabIndex={-1} ref={heading}>
            {say('slot', slot.slot)}
          </h2>
          <p>{slot.rewardId === null ? say('slotEmptyPlan') : rewardName(slot.rewardId)}</p>
        </div>
        <button type="button" class="quiet-button" onClick={props.onClose} aria-label={say('close')}>
          <Icon name="close" />
        </button>
      </header>
      <div class="tags">{work !== 'count' && <Tag {...look} />}</div>
      {slot.outReason !== null && (
        <p class="small">
          {say('outReason')}: {termFor('value', slot.outReason)}
        </p>
      )}
      <Figures slot={slot} blind={work === 'count'} />
      <div class="works" role="group" aria-label={say('slot', slot.slot)}>
        {slotWorks.map((name) => (
          <button
            type="button"
            key={name}
            aria-pressed={work === name}
            onClick={() => {
              props.onWork(name);
            }}
          >
            {say(name)}
          </button>
        ))}
      </div>
      <WorkForm key={work} work={work} kioskId={props.kioskId} slot={slot} sending={sending} />
      {sending.problem !== undefined && <Refused problem={sending.problem} />}
      {sending.answer !== undefined && <Done text={doneText(sending.answer)} />}
    </aside>
  );
}

function doneText({ verdict, underWay = 0 }: Partial<Count>): string {
  if (verdict === undefined) return say('done');
  return verdict === 'not_conclusive' && underWay > 0 ? say('count_under_way') : wordFor('count', verdict);
}

/** The figures of a slot; hidden while counting, since a count that knows the answer proves nothing. */
function Figures({ slot, blind }: { readonly slot: Slot; readonly blind: boolean }): JSX.Element {
  const figures: readonly (readonly [SayKey, number])[] = [
    ['onHand', slot.onHand],
    ['reserved', slot.reserved],
    ['available', slot.available],
    ['inDoubt', slot.inDoubt],
  ];
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{say(name)}</dt>
          <dd>
            {blind ? (
              <span class="soft" aria-label={say('hiddenForCount')}>
                •••
              </span>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

type FormProps = {
  readonly work: SlotWork;
  readonly kioskId: string;
  readonly slot: Slot;
  readonly sending: Sending<Partial<Count>>;
};

function WorkForm({ work, kioskId, slot, sending }: FormProps): JSX.Element {
  const base = `/v1/kiosks/${kioskId}/slots/${String(slot.slot)}`;
  async function submit(form: HTMLFormElement): Promise<void> {
    const reason = fieldText(form, 'reason');
    const why = reason === '' ? {} : { reason };
    const number = (name: string): number => Number(fieldText(form, name));
    const sent = {
      load: () => sending.send(`${base}/loads`, { quantity: number('quantity'), ...why }),
      count: () => sending.send(`${base}/counts`, { counted: number('counted'), tray: number('tray') }),
      adjust: () => sending.send(`${base}/adjustments`, { quantity: number('quantity'), reason }),
      service: () => sending.send(`${base}/service`, { inService: !slot.inService, ...why }),
    };
    if (await sent[work]()) form.reset();
  }
  const help = {
    load: 'loadHelp',
    count: 'countHelp',
    adjust: 'adjustHelp',
    service: slot.inService ? 'takeOutHelp' : 'putInHelp',
  } as const;
  const act = {
    load: 'loadDo',
    count: 'countDo',
    adjust: 'adjustDo',
    service: slot.inService ? 'takeOut' : 'putIn',
  } as const;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <p class="soft small">{say(help[work])}</p>
      {work === 'load' && <Field label={say('quantity')} name="quantity" type="number" min={1} max={999} required />}
      {work === 'count' && <Field label={say('counted')} name="counted" type="number" min={0} max={999} required />}
      {work === 'count' && (
        <Field label={say('trayCount')} name="tray" type="number" min={0} max={99} value="0" required />
      )}
      {work === 'adjust' && <Field label={say('change')} name="quantity" type="number" min={-999} max={999} required />}
      {work !== 'count' && (
        <Field
          label={say('reason')}
          name="reason"
          required={work === 'adjust' || (work === 'service' && slot.inService)}
        />
      )}
      <button type="submit" class={work === 'service' && slot.inService ? 'danger' : 'primary'} disabled={sending.busy}>
        {say(act[work])}
      </button>
    </form>
  );
}
