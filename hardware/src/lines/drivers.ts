import type { Scheduler } from '@tessera/shared/ports';
import type { InputDriver, OutputDriver } from '../ports.ts';
import { cabinetInputs, cabinetOutputs } from './cabinet-lines.ts';

/** Which lines a process works with: so far the simulated cabinet's, by its Unix socket. */
export type LineSource = { readonly cabinet: string };

/** The output driver of a configuration. */
export const outputDriver = (source: LineSource, scheduler: Scheduler): OutputDriver =>
  cabinetOutputs({ socketPath: source.cabinet, scheduler });

/** The input driver of a configuration. */
export const inputDriver = (source: LineSource, scheduler: Scheduler): InputDriver =>
  cabinetInputs({ socketPath: source.cabinet, scheduler });
