import type { CabinetView, DemoMember } from './view.ts';

/** What the cabinet answered: fine, with what it said, or a sentence about why not. */
export type Answer = { readonly ok: boolean; readonly sent: boolean; readonly why: string };

type Body = {
  readonly sent?: boolean;
  readonly detail?: string;
  readonly title?: string;
  readonly members?: readonly DemoMember[];
};

/** Does something to the cabinet. */
export async function act(path: string, body: object = {}): Promise<Answer> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const said = (await response.json()) as Body;
    return { ok: response.ok, sent: said.sent !== false, why: said.detail ?? said.title ?? '' };
  } catch {
    return { ok: false, sent: false, why: '' };
  }
}

/** The demo's members; nobody outside the demo. */
export async function demoMembers(): Promise<readonly DemoMember[]> {
  try {
    const response = await fetch('demo/members');
    return ((await response.json()) as Body).members ?? [];
  } catch {
    return [];
  }
}

/** Follows the cabinet for as long as the page is open; the browser connects again by itself. */
export function follow(onView: (view: CabinetView) => void, onLine: (live: boolean) => void): void {
  const events = new EventSource('events');
  events.onopen = () => {
    onLine(true);
  };
  events.onerror = () => {
    onLine(false);
  };
  events.onmessage = (message: MessageEvent<string>) => {
    onView(JSON.parse(message.data) as CabinetView);
  };
}
