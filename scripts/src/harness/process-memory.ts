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
