/** Tessera's mark: one tile of a mosaic, cut by hand, one corner turning over to its golden side. */
export function Mark({ turning = false }: { readonly turning?: boolean }) {
  return (
    <svg class={turning ? 'mark mark-turning' : 'mark'} viewBox="0 0 48 48" aria-hidden="true">
      <path
        class="mark-face"
        d="M8.6 4.6h29.6c3 0 5.4 2.4 5.4 5.4l-.8 28c-.1 3-2.5 5.3-5.5 5.3L10 43.6c-3 0-5.4-2.4-5.5-5.4L3.2 10.2c-.1-3.1 2.3-5.6 5.4-5.6Z"
      />
      <path class="mark-back" d="M24.5 4.6h13.7c3 0 5.4 2.4 5.4 5.4l-.4 13.2Z" />
    </svg>
  );
}
