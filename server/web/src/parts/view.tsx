import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Live } from '../api/live.ts';
import { say } from '../state/language.ts';
import { Refused } from './notice.tsx';

/** A page with its heading; the heading takes the focus when the page is entered, so that a screen reader says where we are. */
export function View(props: {
  readonly title: string;
  readonly lead?: string;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <section class="view">
      <header class="view-head">
        <div>
          <h1 tabIndex={-1} ref={heading}>
            {props.title}
          </h1>
          {props.lead !== undefined && <p class="soft">{props.lead}</p>}
        </div>
        {props.tools}
      </header>
      {props.children}
    </section>
  );
}

/** Shows live data once it is there; before that says what is happening. */
export function Loaded<T>(props: {
  readonly live: Live<T>;
  readonly children: (data: T) => ComponentChildren;
}): JSX.Element {
  const { data, problem, refresh } = props.live;
  if (data !== undefined) return <>{props.children(data)}</>;
  if (problem === undefined) return <p class="soft pad loading">{say('loading')}</p>;
  return (
    <div class="stack">
      <Refused problem={problem} />
      <button type="button" class="plain" onClick={refresh}>
        {say('retry')}
      </button>
    </div>
  );
}
