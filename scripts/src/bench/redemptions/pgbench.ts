import { Cluster } from '../../harness/postgres/cluster.ts';
import type { Figure } from '../../report/report.ts';
import { median } from '../statistics.ts';

const SCALE = 50;

/** The yardstick: a PostgreSQL 15 of our own with its defaults, in a folder of its own on the disk that is measured. */
export class Pgbench {
  readonly cluster: Cluster;

  private constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  /** Makes a cluster and fills it for pgbench. */
  static async open(parent: string): Promise<Pgbench> {
    const cluster = await Cluster.make([], parent);
    await cluster.call('createdb', 'bench');
    await cluster.call('pgbench', '-i', '-s', String(SCALE), '-q', 'bench');
    return new Pgbench(cluster);
  }

  /** TPC-B-like transactions a second. What it left to write is on disk before this answers, so that it disturbs nobody else. */
  async measure(seconds: number): Promise<number> {
    const load = ['-c', '8', '-j', '2', '-M', 'prepared', '-T', String(seconds)];
    const out = await this.cluster.call('pgbench', ...load, 'bench');
    await this.cluster.sql('bench', 'checkpoint');
    const tps = /^tps = ([\d.]+)/m.exec(out)?.[1];
    if (tps === undefined) throw new Error(`pgbench said no rate: ${out}`);
    return Number(tps);
  }

  close(): Promise<void> {
    return this.cluster.close();
  }
}

/**
 * A rate that has to reach a part of pgbench's: medians, and the median of the ratios of each pair.
 * @param target the least part
 */
export function againstPgbench<Run extends { readonly pgbenchTps: number }>(
  runs: readonly Run[],
  rateOf: (run: Run) => number,
  target: number,
): Figure {
  return {
    value: median(runs.map(rateOf)),
    unit: '1/s',
    yardstick: median(runs.map((run) => run.pgbenchTps)),
    ratio: median(runs.map((run) => rateOf(run) / run.pgbenchTps)),
    target,
    atLeast: true,
  };
}
