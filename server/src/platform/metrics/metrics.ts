import type { ProblemCode } from '@tessera/shared/problem';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Where a refusal was given. */
export type Door = 'http' | 'kiosk' | 'job' | 'cli';
export type Labels = Record<string, string | number>;

/** What a gauge reads when Prometheus asks: one number, or one a set of labels. */
export type Reading = number | readonly { readonly labels: Labels; readonly value: number }[];

/** The server's measurements. Every part is given this and registers what it measures itself. */
export interface Metrics {
  refused(door: Door, code: ProblemCode): void;
  httpAnswered(facts: { method: string; route: string; status: number; seconds: number }): void;
  /** Registers a gauge that is read when asked for. Names start with `tessera_`. */
  gauge(name: string, help: string, read: () => Reading | Promise<Reading>, labelNames?: readonly string[]): void;
  /** Registers a counter and gives the function that raises it. */
  counter(name: string, help: string, labelNames?: readonly string[]): (labels?: Labels, by?: number) => void;
  /** Registers a histogram and gives the function that records a value. */
  histogram(name: string, help: string, buckets: readonly number[]): (value: number) => void;
  /** Everything in Prometheus's text format. */
  text(): Promise<string>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Metrics with a registry of their own, so that several servers can live in one process. */
export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const refusals = new Counter({
    name: 'tessera_refusals_total',
    help: 'Refusals by door and problem code',
    labelNames: ['door', 'code'],
    registers,
  });
  const http = new Histogram({
    name: 'tessera_http_request_seconds',
    help: 'Time to answer an HTTP request',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  return {
    refused: (door, code) => {
      refusals.inc({ door, code });
    },
    httpAnswered: ({ method, route, status, seconds }) => {
      http.observe({ method, route, status }, seconds);
    },
    gauge(name, help, read, labelNames = []) {
      new Gauge({
        name,
        help,
        labelNames: [...labelNames],
        registers,
        async collect() {
          const reading = await read();
          this.reset();
          if (typeof reading === 'number') this.set(reading);
          else for (const { labels, value } of reading) this.set(labels, value);
        },
      });
    },
    counter(name, help, labelNames = []) {
      const counter = new Counter({ name, help, labelNames: [...labelNames], registers });
      return (labels = {}, by = 1) => {
        counter.inc(labels, by);
      };
    },
    histogram(name, help, buckets) {
      const histogram = new Histogram({ name, help, buckets: [...buckets], registers });
      return (value) => {
        histogram.observe(value);
      };
    },
    text: async () => Promise.all(registers.map((registry) => registry.metrics())).then((texts) => texts.join('')),
  };
}

/** Metrics that measure nothing: for the simulation. */
export const silentMetrics: Metrics = {
  refused: () => undefined,
  httpAnswered: () => undefined,
  gauge: () => undefined,
  counter: () => () => undefined,
  histogram: () => () => undefined,
  text: () => Promise.resolve(''),
};
