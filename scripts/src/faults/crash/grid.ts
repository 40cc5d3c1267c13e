import type { Figure } from '../../report/report.ts';
import type { CaseResult } from './run-case.ts';

/** How one kill ended, as a sign of the grid. */
function signOf({ fired, violations, ends }: CaseResult): string {
  if (violations.length > 0) return '✗';
  if (!fired) return '·';
  return ends.includes('in_doubt') ? '?' : '✓';
}

const byName = (results: readonly CaseResult[]): Map<string, CaseResult[]> => {
  const rows = new Map<string, CaseResult[]>();
  for (const result of results) rows.set(result.name, [...(rows.get(result.name) ?? []), result]);
  return rows;
};

/** A row a case, a sign a kill: ✓ settled, ? honestly in doubt until a count, · died nowhere, ✗ a promise broken. */
export function gridOf(results: readonly CaseResult[]): string {
  const rows = [...byName(results)];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, kills]) => `${name.padEnd(width)}  ${kills.map(signOf).join(' ')}`).join('\n');
}

export function figuresOf(results: readonly CaseResult[]): Record<string, Figure> {
  const rows = [...byName(results).values()];
  const recoveries = results.map(({ recoveryMs }) => recoveryMs).sort((a, b) => a - b);
  const count = (value: number, unit: string, target?: number): Figure => ({
    value,
    unit,
    ...(target !== undefined && { target }),
  });
  return {
    cases: count(rows.length, 'cases'),
    kills: count(results.filter(({ fired }) => fired).length, 'kills'),
    unreached: count(rows.filter((kills) => kills.every(({ fired }) => !fired)).length, 'cases', 0),
    violations: count(results.filter(({ violations }) => violations.length > 0).length, 'kills', 0),
    in_doubt: count(results.filter(({ ends }) => ends.includes('in_doubt')).length, 'kills'),
    recovery_p50: { value: recoveries[Math.floor(recoveries.length / 2)] ?? 0, unit: 'ms' },
    recovery_max: { value: recoveries.at(-1) ?? 0, unit: 'ms' },
  };
}
