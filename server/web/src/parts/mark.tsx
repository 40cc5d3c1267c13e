import type { JSX } from 'preact';

/** Four tiles of a mosaic, one of them turning over. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <rect x="4" y="4" width="18" height="18" rx="4" class="tile-a" />
      <rect x="26" y="4" width="18" height="18" rx="4" class="tile-b" />
      <rect x="4" y="26" width="18" height="18" rx="4" class="tile-c" />
      <rect x="26" y="26" width="18" height="18" rx="4" class="tile-d" transform="rotate(14 35 35)" />
    </svg>
  );
}
