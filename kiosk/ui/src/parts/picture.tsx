import { useState } from 'preact/hooks';
import type { Gift } from '@tessera/shared/protocol/ui';
import { Icon } from './icon.tsx';

/** A gift's picture from the daemon's own store; a drawn parcel where there is none. Its name stands beside it. */
export function Picture({ gift }: { readonly gift: Gift }) {
  const [broken, setBroken] = useState<string | null>(null);
  const source = gift.picture;
  return (
    <span class="picture">
      {source === null || source === broken ? (
        <Icon name="gift" />
      ) : (
        <img src={source} alt="" draggable={false} onError={() => setBroken(source)} />
      )}
    </span>
  );
}
