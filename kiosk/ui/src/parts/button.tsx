import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface ButtonProps {
  readonly kind?: 'primary' | 'second';
  readonly icon?: IconName;
  readonly iconAfter?: IconName;
  readonly off?: boolean;
  /** Has the focus when its dialog opens. */
  readonly first?: boolean;
  readonly onTap: () => void;
  readonly children: ComponentChildren;
}

/** A button with words. `off` keeps it in the focus order, so that a screen reader can say why nothing happens. */
export function Button({ kind = 'second', icon, iconAfter, off = false, first = false, onTap, children }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button button-${kind}`}
      autofocus={first}
      aria-disabled={off}
      onClick={() => !off && onTap()}
    >
      {icon !== undefined && <Icon name={icon} />}
      <span>{children}</span>
      {iconAfter !== undefined && <Icon name={iconAfter} />}
    </button>
  );
}
