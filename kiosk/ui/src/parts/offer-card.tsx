import type { Offer } from '@tessera/shared/protocol/ui';
import type { Words } from '../words/index.ts';
import { Icon, type IconName } from './icon.tsx';
import { Picture } from './picture.tsx';

interface OfferCardProps {
  readonly offer: Offer;
  readonly words: Words;
  readonly onTap: () => void;
}

/** One gift: a button where it can be had; otherwise a quiet card that says what is missing. */
export function OfferCard({ offer, words, onTap }: OfferCardProps) {
  const name = offer.name[words.language];
  const state = stateOf(offer, words);
  const inside = (
    <>
      <Picture gift={offer} />
      <span class="offer-name">{name}</span>
      <span class="offer-price">{words.points(offer.price)}</span>
      {state !== null && (
        <span class={`offer-state offer-state-${offer.state}`}>
          <Icon name={state.icon} />
          <span>{state.text}</span>
        </span>
      )}
    </>
  );
  return (
    <li class={`offer offer-${offer.state}`}>
      {offer.state === 'available' ? (
        <button type="button" class="offer-card" onClick={onTap}>
          {inside}
        </button>
      ) : (
        <div class="offer-card">{inside}</div>
      )}
    </li>
  );
}

function stateOf(offer: Offer, words: Words): { icon: IconName; text: string } | null {
  switch (offer.state) {
    case 'available':
      return null;
    case 'short':
      return { icon: 'lock', text: words.choose.missing(offer.missing) };
    case 'sold_out':
      return { icon: 'close', text: words.choose.soldOut };
    case 'limit':
      return { icon: 'check', text: words.choose.limit };
  }
}
