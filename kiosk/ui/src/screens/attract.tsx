import type { Gift } from '@tessera/shared/protocol/ui';
import { sayingOf } from '../look/saying.ts';
import type { ScreenProps, View } from '../look/view.ts';
import { Button } from '../parts/button.tsx';
import { Frame } from '../parts/frame.tsx';
import { Picture } from '../parts/picture.tsx';

/** Nobody is here: the machine's own gifts as a slow mosaic, and what to do, in every language in turn. A touch anywhere begins. */
export function Attract({ screen, view }: ScreenProps<'attract'>) {
  const { words } = view;
  const { title, lines } = sayingOf(screen, null, words);
  const [lead, noCode] = lines;
  const begin = (): void => startIn(view);
  return (
    <Frame
      name="attract"
      title={title}
      actions={
        <Button kind="primary" iconAfter="next" onTap={begin}>
          {words.attract.start}
        </Button>
      }
    >
      <div class="attract-words">
        <p class="lead">{lead}</p>
        <p class="soft">{noCode}</p>
      </div>
      <Mosaic gifts={screen.gifts} view={view} onTap={begin} />
      <p class="kiosk-name" dir="auto">
        {view.kioskName}
      </p>
    </Frame>
  );
}

/** Who touches while reading a language goes on in it. */
function startIn({ words, prefs, send }: View): void {
  send({ type: 'begin' });
  if (words.language !== prefs.language) send({ type: 'set_prefs', prefs: { language: words.language } });
}

const TILES = 12;
/** Which of the twelve places are gifts first: spread, so that one or eight look meant. The others are plain tiles. */
const places = [5, 2, 8, 0, 10, 7, 3, 9, 1, 6, 11, 4];

function Mosaic({
  gifts,
  view,
  onTap,
}: {
  readonly gifts: readonly Gift[];
  readonly view: View;
  readonly onTap: () => void;
}) {
  const { words } = view;
  const giftAt = new Map(places.map((place, index) => [place, gifts[index]]));
  return (
    <div class="mosaic-space" onClick={onTap}>
      <ul class="mosaic" aria-label={words.attract.gifts}>
        {Array.from({ length: TILES }, (_, place) => {
          const gift = giftAt.get(place);
          const style = { '--turn': String((place * 7) % TILES) };
          if (gift === undefined)
            return (
              <li key={place} class={`tile tile-plain tile-${String(place % 4)}`} style={style} aria-hidden="true" />
            );
          return (
            <li key={place} class="tile" style={style}>
              <Picture gift={gift} />
              <span class="unseen">{`${gift.name[words.language]}, ${words.points(gift.price)}`}</span>
              <span class="tile-points" aria-hidden="true">
                {words.figure(gift.price)}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
