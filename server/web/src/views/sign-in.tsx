import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Problem } from '@tessera/shared/problem';
import { post } from '../api/client.ts';
import { Field, fieldText } from '../parts/field.tsx';
import { Mark } from '../parts/mark.tsx';
import { Refused } from '../parts/notice.tsx';
import { Preferences } from '../parts/preferences.tsx';
import { say } from '../state/language.ts';
import { session } from '../state/session.ts';
import { freshKey } from '../system.ts';

type SignedIn = { readonly token: string; readonly principal: { readonly id: string; readonly name: string } };

export function SignIn(): JSX.Element {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  async function signIn(form: HTMLFormElement): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    const body = { login: fieldText(form, 'login'), password: fieldText(form, 'password') };
    const answer = await post<SignedIn>('/v1/admin/sessions', body, freshKey());
    setBusy(false);
    if (!answer.ok) setProblem(answer.error);
    else
      session.value = { token: answer.value.token, id: answer.value.principal.id, name: answer.value.principal.name };
  }
  return (
    <main class="sign-in" id="content">
      <form
        class="panel"
        onSubmit={(event) => {
          event.preventDefault();
          void signIn(event.currentTarget);
        }}
      >
        <div class="brand">
          <Mark />
          <h1>{say('title')}</h1>
        </div>
        <p class="soft">{say('signInLead')}</p>
        <Field label={say('login')} name="login" required autocomplete="username" />
        <Field label={say('password')} name="password" type="password" required autocomplete="current-password" />
        {problem !== undefined && <Refused problem={problem} />}
        <button type="submit" class="primary wide" disabled={busy}>
          {busy ? say('signingIn') : say('signIn')}
        </button>
      </form>
      <Preferences />
    </main>
  );
}
