import { useRef, useState } from 'preact/hooks';
import type { Offer } from '@tessera/shared/protocol/ui';
import { giftsPerPage } from '../look/layout.ts';
import { affordableFirst, pagesOf } from '../look/offers.ts';
import { sayingOf } from '../look/saying.ts';
import type { ScreenProps } from '../look/view.ts';
import { Button } from '../parts/button.tsx';
import { Frame } from '../parts/frame.tsx';
import { NoteLine } from '../parts/note.tsx';
import { OfferCard } from '../parts/offer-card.tsx';

const SWIPE_PX = 60;

/** All gifts of this machine, page by page: a button turns the page, a swipe too. */
export function Choose({ screen, view }: ScreenProps<'choose'>) {
  const { words, prefs, send, member, shape } = view;
  const [wanted, setWanted] = useState(0);
  const pages = pagesOf(affordableFirst(screen.offers), giftsPerPage(shape, prefs.largeText));
  const page = Math.min(wanted, pages.length - 1);
  const turn = (by: number): void => setWanted(Math.max(0, Math.min(pages.length - 1, page + by)));
  const swipe = useSwipe(words.direction, turn);
  const { title, lines } = sayingOf(screen, member, words);
  return (
    <Frame
      name="choose"
      title={title}
      actions={
        pages.length > 1 && (
          <>
            <Button icon="back" off={page === 0} onTap={() => turn(-1)}>
              {words.choose.previous}
            </Button>
            <p class="pages" role="status" aria-label={words.choose.page(page + 1, pages.length)}>
              {pages.map((_, index) => (
                <span key={index} class={index === page ? 'page page-here' : 'page'} />
              ))}
            </p>
            <Button iconAfter="next" off={page === pages.length - 1} onTap={() => turn(1)}>
              {words.choose.next}
            </Button>
          </>
        )
      }
    >
      <NoteLine text={lines[0] ?? ''} />
      {screen.offers.length === 0 && <p class="lead">{words.choose.none}</p>}
      <ul class="offers" key={page} {...swipe}>
        {(pages[page] ?? []).map((offer: Offer) => (
          <OfferCard
            key={offer.rewardId}
            offer={offer}
            words={words}
            onTap={() => send({ type: 'choose', rewardId: offer.rewardId })}
          />
        ))}
      </ul>
    </Frame>
  );
}

/** Turns the page when a finger is drawn along the reading direction, or against it. */
function useSwipe(direction: 'ltr' | 'rtl', turn: (by: number) => void) {
  const startX = useRef<number | null>(null);
  return {
    onPointerDown: (event: PointerEvent) => {
      startX.current = event.clientX;
    },
    onPointerUp: (event: PointerEvent) => {
      const from = startX.current;
      startX.current = null;
      if (from === null || Math.abs(event.clientX - from) < SWIPE_PX) return;
      const leftwards = event.clientX < from;
      turn(leftwards === (direction === 'ltr') ? 1 : -1);
    },
    onPointerCancel: () => {
      startX.current = null;
    },
    /** The click that ends a swipe is no choice. */
    onClickCapture: (event: MouseEvent) => {
      if (event.detail > 0 && startX.current !== null) event.stopPropagation();
    },
  };
}
