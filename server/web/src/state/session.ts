import { effect, signal } from '@preact/signals';

/** Who is signed in. Kept for this tab only: closing it signs out. */
export type Session = { readonly token: string; readonly id: string; readonly name: string };

const STORED = 'tessera.session';

function stored(): Session | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(STORED) ?? 'null');
    return typeof value === 'object' && value !== null && 'token' in value ? (value as Session) : undefined;
  } catch {
    return undefined;
  }
}

export const session = signal<Session | undefined>(stored());

effect(() => {
  if (session.value === undefined) sessionStorage.removeItem(STORED);
  else sessionStorage.setItem(STORED, JSON.stringify(session.value));
});
