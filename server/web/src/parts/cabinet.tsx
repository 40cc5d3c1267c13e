import type { JSX } from 'preact';
import type { Kiosk, Slot } from '../api/answers.ts';
import { localText, numberText, say } from '../state/language.ts';
import { rewardOf } from '../state/names.ts';
import { Icon } from './icon.tsx';
import { Mark } from './mark.tsx';
import { OnlineTag, slotLook, trayWord } from './states.tsx';
import { Tag } from './tag.tsx';

/** The cabinet as it stands in the street: slots in their places, filled to their level. */
export function Cabinet(props: {
  readonly kiosk: Kiosk;
  readonly slots: readonly Slot[];
  readonly open: number;
  /** The slot that somebody counts just now: its level is not drawn, since a count that knows the answer proves nothing. */
  readonly counting: number | undefined;
  readonly onOpen: (slot: number) => void;
}): JSX.Element {
  const { live } = props.kiosk;
  return (
    <section class="cabinet" aria-label={say('cabinet')}>
      <header>
        <Mark />
        <span>{props.kiosk.name}</span>
        <OnlineTag kiosk={props.kiosk} />
      </header>
      <p class="cabinet-hint">{say('cabinetHint')}</p>
      <div class="glass" role="list">
        {props.slots.map((slot) => (
          <div role="listitem" key={slot.slot}>
            <SlotButton
              slot={slot}
              open={slot.slot === props.open}
              blind={slot.slot === props.counting}
              onOpen={props.onOpen}
            />
          </div>
        ))}
      </div>
      <div class={`tray ${live.tray ?? 'unknown'}`}>
        <Icon name={live.tray === 'occupied' ? 'bag' : 'empty'} />
        <span>
          {say('tray')}: {trayWord(live.tray)}
        </span>
      </div>
    </section>
  );
}

function SlotButton(props: {
  readonly slot: Slot;
  readonly open: boolean;
  readonly blind: boolean;
  readonly onOpen: (slot: number) => void;
}): JSX.Element {
  const { slot } = props;
  const reward = rewardOf(slot.rewardId);
  const look = slotLook(slot);
  return (
    <button
      type="button"
      id={`slot-${String(slot.slot)}`}
      class={`slot ${props.blind ? 'quiet' : look.tone}`}
      aria-expanded={props.open}
      onClick={() => {
        props.onOpen(slot.slot);
      }}
    >
      <span class="slot-number" aria-hidden="true">
        {slot.slot}
      </span>
      <span class="sr-only">{say('slot', slot.slot)}. </span>
      <span class="slot-picture">
        {typeof reward?.picture === 'string' ? (
          <img src={reward.picture} alt="" loading="lazy" />
        ) : (
          <Icon name="empty" />
        )}
      </span>
      <span class="slot-name">{reward === undefined ? say('slotEmptyPlan') : localText(reward.name)}</span>
      <span class="slot-price">{reward === undefined ? ' ' : say('points', numberText(reward.price))}</span>
      {props.blind ? (
        <Tag tone="quiet" icon="question" word={say('hiddenForCount')} />
      ) : (
        <>
          <Level slot={slot} />
          <Tag tone={look.tone} icon={look.icon} word={look.word} />
        </>
      )}
    </button>
  );
}

/** One tile a place: free to redeem, reserved, or empty. */
function Level({ slot }: { readonly slot: Slot }): JSX.Element {
  const kinds = Array.from({ length: slot.capacity }, (_, index) =>
    index < slot.available ? 'free' : index < slot.onHand ? 'held' : 'gap',
  );
  return (
    <span class="level-row">
      <span class="level" aria-hidden="true">
        {kinds.map((kind, index) => (
          <i key={index} class={kind} />
        ))}
      </span>
      <span class="level-number">{say('of', slot.onHand, slot.capacity)}</span>
    </span>
  );
}
