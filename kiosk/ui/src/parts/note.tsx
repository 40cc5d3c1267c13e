import { Icon } from './icon.tsx';

/** A remark that matters: an icon and a sentence, read out when it appears. Empty, it only waits. */
export function NoteLine({ text }: { readonly text: string }) {
  return (
    <p class="note" role="status">
      {text !== '' && (
        <>
          <Icon name="alert" />
          <span>{text}</span>
        </>
      )}
    </p>
  );
}
