import { advance, type MachineTable } from '@tessera/shared/machine';

/** What one state of a table says, one line for each answer: `events → state / effects` or `events refused: reason`. */
export function answersIn<S extends string, E extends string, F extends string>(
  table: MachineTable<S, E, F>,
  state: S,
  events: readonly E[],
): string[] {
  const said = new Map<string, E[]>();
  for (const event of events) {
    const step = advance(table, state, event);
    const answer = step.ok
      ? `→ ${[step.value.to, step.value.effects.join(', ')].filter((part) => part !== '').join(' / ')}`
      : `refused: ${step.error}`;
    said.set(answer, [...(said.get(answer) ?? []), event]);
  }
  return [...said].map(([answer, those]) => `${those.join(' ')} ${answer}`);
}
