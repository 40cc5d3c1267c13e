import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface FrameProps {
  readonly name: string;
  readonly title: string;
  readonly hideTitle?: boolean;
  readonly children: ComponentChildren;
  /** The buttons: the second ones first, the primary last, where the thumb is. */
  readonly actions?: ComponentChildren;
}

/** One screen: its question, what it shows, and its buttons at the bottom. Its title takes the focus when it appears. */
export function Frame({ name, title, hideTitle = false, children, actions }: FrameProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main class={`screen screen-${name}`}>
      <h1 ref={heading} tabIndex={-1} class={hideTitle ? 'unseen' : 'title'}>
        {title}
      </h1>
      {children}
      {actions !== undefined && <div class="actions">{actions}</div>}
    </main>
  );
}
