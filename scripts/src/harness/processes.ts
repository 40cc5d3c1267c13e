import { readdirSync, readFileSync } from 'node:fs';

/** What a process has in memory now, and the most it ever had, in MB (10^6 bytes). */
export type Memory = { readonly residentMb: number; readonly peakMb: number };

const BYTES_A_KB = 1024;
const BYTES_A_MB = 1_000_000;

/** Reads the text of `/proc/PID/status`; throws where it tells no memory, as that of a process that has ended. */
export function parseMemory(status: string): Memory {
  const field = (name: string): number => {
    const kb = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    if (kb === undefined) throw new Error(`The status of the process has no ${name}.`);
    return (Number(kb) * BYTES_A_KB) / BYTES_A_MB;
  };
  return { residentMb: field('VmRSS'), peakMb: field('VmHWM') };
}

export const memoryOf = (pid: number): Memory => parseMemory(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));

/** How many files, sockets and pipes a process has open. */
export const descriptorsOf = (pid: number): number => readdirSync(`/proc/${String(pid)}/fd`).length;

/** The kernel counts in ticks of this, whatever its own timer does. */
const TICK_MS = 10;

/** How long a process has had a processor since it began, in ms: reads the text of `/proc/PID/stat`. */
export function parseCpuMs(stat: string): number {
  // The name in brackets may hold anything; after it come state (3rd) … utime (14th), stime (15th).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  if (!Number.isFinite(user + system)) throw new Error('The stat of the process tells no time.');
  return (user + system) * TICK_MS;
}

export const cpuMsOf = (pid: number): number => parseCpuMs(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
