import type { JSX } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'good' | 'warn' | 'bad' | 'quiet';

/** A state: colour, icon and word together. */
export function Tag(props: { readonly tone: Tone; readonly icon: IconName; readonly word: string }): JSX.Element {
  return (
    <span class={`tag ${props.tone}`}>
      <Icon name={props.icon} />
      <span>{props.word}</span>
    </span>
  );
}
