import type { Figure } from '../report/report.ts';
import type { RoomName } from './rooms.ts';

/** The least share of mutants, in percent, that a room's tests must notice. */
export const LEAST_SCORE = 85;
/** The longest that one room may take, in minutes. */
const MOST_MINUTES = 40;

type Place = { readonly line: number; readonly column: number };

/** One mutant as Stryker's report tells of it (github.com/stryker-mutator/mutation-testing-elements, report-schema). */
export type Mutant = {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status:
    'Killed' | 'Survived' | 'NoCoverage' | 'Timeout' | 'CompileError' | 'RuntimeError' | 'Ignored' | 'Pending';
  readonly location: { readonly start: Place; readonly end: Place };
};

/** The part of Stryker's report that is read here. */
export type MutationReport = {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
};

export type RoomVerdict = {
  readonly room: RoomName;
  readonly killed: number;
  readonly timedOut: number;
  /** Mutants that ran and were not noticed, or that no test runs at all: `file:line:column mutator: before → after`. */
  readonly survivors: readonly string[];
  readonly notCovered: number;
  readonly tookMs: number;
};

/** The text between two places of a source; lines and columns count from 1. */
function textAt(source: string, { start, end }: Mutant['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, index) => line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined))
    .join('\n');
}

const short = (text: string): string => {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > 90 ? `${flat.slice(0, 90)}…` : flat;
};

/** Counts a report. */
export function judge(room: RoomName, report: MutationReport, tookMs: number): RoomVerdict {
  const mutants = Object.entries(report.files).flatMap(([path, { source, mutants }]) =>
    mutants.map((mutant) => ({ path, source, mutant })),
  );
  const count = (status: Mutant['status']): number => mutants.filter(({ mutant }) => mutant.status === status).length;
  const survivors = mutants
    .filter(({ mutant }) => mutant.status === 'Survived' || mutant.status === 'NoCoverage')
    .map(({ path, source, mutant: { mutatorName, replacement = '', location, status } }) => {
      const { line, column } = location.start;
      const how = status === 'NoCoverage' ? ' (no test runs it)' : '';
      const change = `${short(textAt(source, location))} → ${short(replacement)}`;
      return `${path}:${String(line)}:${String(column)} ${mutatorName}${how}: ${change}`;
    });
  return {
    room,
    killed: count('Killed'),
    timedOut: count('Timeout'),
    survivors,
    notCovered: count('NoCoverage'),
    tookMs,
  };
}

/** Noticed mutants of all, in percent; those that never end were noticed too. */
export function scoreOf({ killed, timedOut, survivors }: RoomVerdict): number {
  const noticed = killed + timedOut;
  const all = noticed + survivors.length;
  return all === 0 ? 0 : (100 * noticed) / all;
}

/** The figures of one room, each under the room's name. */
export function figuresOf(verdict: RoomVerdict): Record<string, Figure> {
  const { room, killed, timedOut, survivors, notCovered, tookMs } = verdict;
  const mutants = (value: number): Figure => ({ value, unit: 'mutants' });
  return {
    [`${room}_score`]: { value: scoreOf(verdict), unit: '%', target: LEAST_SCORE, atLeast: true },
    [`${room}_mutants`]: mutants(killed + timedOut + survivors.length),
    [`${room}_timed_out`]: mutants(timedOut),
    [`${room}_survived`]: mutants(survivors.length),
    [`${room}_not_covered`]: mutants(notCovered),
    [`${room}_took`]: { value: tookMs / 60_000, unit: 'min', target: MOST_MINUTES },
  };
}
