import type { JSX } from 'preact';
import type { Problem } from '@tessera/shared/problem';
import { say } from '../state/language.ts';
import { Icon } from './icon.tsx';

/** A refusal in words: what happened, that nothing was changed, and which fields were wrong. */
export function Refused({ problem }: { readonly problem: Problem }): JSX.Element {
  const fields = Object.entries(problem.fields ?? {});
  return (
    <div class="notice bad" role="alert">
      <Icon name="alert" />
      <div>
        <strong>{say('failed')}</strong>
        <p>{problem.detail ?? problem.title}</p>
        {fields.length > 0 && (
          <ul>
            {fields.map(([pointer, wrong]) => (
              <li key={pointer}>
                <code>{pointer}</code> {wrong}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

/** A success that is announced without stealing the focus. */
export function Done({ text }: { readonly text: string }): JSX.Element {
  return (
    <div class="notice good" role="status">
      <Icon name="check" />
      <p>{text}</p>
    </div>
  );
}
