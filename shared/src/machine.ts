import { err, ok, type Result } from './result.ts';

/**
 * A machine is a table: every state × every event is named, also the refused ones.
 * `refused` means: the event is impossible or forbidden there, nothing changes, the reason is a stable word.
 */
export type Transition<State extends string, Effect extends string> =
  { readonly to: State; readonly effects: readonly Effect[] } | { readonly refused: string };

export type MachineTable<State extends string, Event extends string, Effect extends string> = Readonly<
  Record<State, Readonly<Record<Event, Transition<State, Effect>>>>
>;

/** Moves to a state with the named effects, in order. */
export const go = <State extends string, Effect extends string>(
  to: State,
  ...effects: Effect[]
): { readonly to: State; readonly effects: readonly Effect[] } => ({ to, effects });

/** Names why an event is refused. */
export const no = (refused: string): { readonly refused: string } => ({ refused });

/** Draws a table as a Mermaid state diagram: one arrow a transition that moves, effects as its label. */
export function drawMachine<S extends string, E extends string, F extends string>(
  table: MachineTable<S, E, F>,
): string {
  const lines = ['stateDiagram-v2'];
  for (const [state, row] of Object.entries(table) as [S, Readonly<Record<E, Transition<S, F>>>][]) {
    for (const [event, transition] of Object.entries(row) as [E, Transition<S, F>][]) {
      if ('refused' in transition || (transition.to === state && transition.effects.length === 0)) continue;
      const effects = transition.effects.length > 0 ? ` / ${transition.effects.join(', ')}` : '';
      lines.push(`  ${state} --> ${transition.to}: ${event}${effects}`);
    }
  }
  return lines.join('\n');
}

/** Looks up one step: where to and with which effects, or why not. The table is total, so a missing pair does not compile. */
export function advance<S extends string, E extends string, F extends string>(
  table: MachineTable<S, E, F>,
  state: S,
  event: E,
): Result<{ readonly to: S; readonly effects: readonly F[] }, string> {
  const transition: Transition<S, F> = table[state][event];
  return 'refused' in transition ? err(transition.refused) : ok(transition);
}
