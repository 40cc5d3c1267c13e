import { useEffect, useRef } from 'preact/hooks';
import type { Words } from '../words/index.ts';
import { Icon } from './icon.tsx';

interface KeypadProps {
  readonly words: Words;
  readonly digits: string;
  readonly max: number;
  /** The keys stay silent in spoken mode. */
  readonly secret?: boolean;
  readonly onDigits: (digits: string) => void;
  readonly onEnter: () => void;
}

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** Big digits in the order of a telephone, the same in every language. A keyboard's digits, Backspace and Enter do the same. */
export function Keypad({ words, digits, max, secret = false, onDigits, onEnter }: KeypadProps) {
  const add = (digit: string): void => {
    if (digits.length < max) onDigits(digits + digit);
  };
  const press = (event: KeyboardEvent): void => {
    if (document.querySelector('dialog[open]') !== null) return;
    if (/^[0-9]$/.test(event.key)) add(event.key);
    else if (event.key === 'Backspace') onDigits(digits.slice(0, -1));
    else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) onEnter();
  };
  // One listener for the screen's life, which always meets the newest digits: a quick typist is faster than an effect.
  const newest = useRef(press);
  newest.current = press;
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => newest.current(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  const key = (digit: string) => (
    <button key={digit} type="button" class="key" onClick={() => add(digit)}>
      {digit}
    </button>
  );
  return (
    <div class="keypad" dir="ltr" role="group" aria-label={words.keypad.name} data-quiet={secret ? '' : undefined}>
      {keys.map(key)}
      <button type="button" class="key key-word" aria-label={words.keypad.clear} onClick={() => onDigits('')}>
        <Icon name="close" />
        <span>{words.keypad.clear}</span>
      </button>
      {key('0')}
      <button
        type="button"
        class="key key-word"
        aria-label={words.keypad.erase}
        onClick={() => onDigits(digits.slice(0, -1))}
      >
        <Icon name="erase" />
      </button>
    </div>
  );
}
