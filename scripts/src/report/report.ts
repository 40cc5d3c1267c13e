import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * One measured number. `target` is the most that is acceptable (with `atLeast` the least): of `ratio` where there is one,
 * else of `value`. `yardstick` is the comparison measured in the same run, in the same unit.
 */
export type Figure = {
  readonly value: number;
  readonly unit: string;
  readonly yardstick?: number;
  readonly ratio?: number;
  readonly target?: number;
  readonly atLeast?: true;
};

export type Report = {
  readonly name: string;
  readonly figures: Readonly<Record<string, Figure>>;
  readonly samples: string;
};

/** A figure that is compared with its yardstick. */
export const compared = (value: number, unit: string, yardstick: number, target: number): Figure => ({
  value,
  unit,
  yardstick,
  ratio: yardstick === 0 ? Number.MAX_SAFE_INTEGER : value / yardstick,
  target,
});

/** True where the figure has no target or keeps it. */
export function holds({ value, ratio, target, atLeast }: Figure): boolean {
  const measured = ratio ?? value;
  return target === undefined || (atLeast ? measured >= target : measured <= target);
}

export const isOk = (figures: Report['figures']): boolean => Object.values(figures).every(holds);

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** The last line of a `--json` run. */
export function reportLine({ name, figures, samples }: Report): string {
  const rounded = Object.entries(figures).map(([key, figure]) => [
    key,
    Object.fromEntries(
      Object.entries(figure).map(([field, entry]) => [field, typeof entry === 'number' ? round(entry) : entry]),
    ),
  ]);
  return JSON.stringify({ name, ok: isOk(figures), figures: Object.fromEntries(rounded) as unknown, samples });
}

/** The same as a table for people. */
function reportTable({ name, figures, samples }: Report): string {
  const rows = Object.entries(figures).map(([key, figure]) => {
    const { value, unit, yardstick, ratio, target, atLeast } = figure;
    const compare =
      yardstick === undefined
        ? ''
        : `  yardstick ${String(round(yardstick))} ${unit}, ratio ${String(round(ratio ?? 0))}`;
    const bound = `${atLeast ? 'at least' : 'at most'} ${String(target)}`;
    const wanted = target === undefined ? '' : `  (${bound}: ${holds(figure) ? 'yes' : 'NO'})`;
    return `  ${key.padEnd(28)} ${String(round(value)).padStart(12)} ${unit}${compare}${wanted}`;
  });
  return [`${name}: ${isOk(figures) ? 'ok' : 'NOT OK'}`, ...rows, `  samples: ${samples}`].join('\n');
}

/** Keeps the raw samples, prints the report, and sets the exit code. */
export function finish(report: Report, samples: unknown, json: boolean): void {
  mkdirSync(dirname(report.samples), { recursive: true });
  writeFileSync(report.samples, `${JSON.stringify(samples, undefined, 1)}\n`);
  process.stdout.write(`${json ? reportLine(report) : reportTable(report)}\n`);
  process.exitCode = isOk(report.figures) ? 0 : 1;
}
