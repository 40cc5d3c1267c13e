import type { Gift } from '@tessera/shared/protocol/ui';
import { Picture } from './picture.tsx';

/** The lower part of the cabinet: the gift lies in the tray, and the arrow says where. */
export function Tray({ gift, label }: { readonly gift: Gift; readonly label: string }) {
  return (
    <div class="tray-drawing" role="img" aria-label={label}>
      <svg class="tray-arrow" viewBox="0 0 40 44" aria-hidden="true">
        <path d="M20 4v34M6 25l14 14 14-14" />
      </svg>
      <div class="tray-mouth">
        <Picture gift={gift} />
      </div>
    </div>
  );
}
