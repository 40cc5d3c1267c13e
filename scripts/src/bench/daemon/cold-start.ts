import { setTimeout as sleep } from 'node:timers/promises';
import { daemonChild } from '../../start/children.ts';
import { answersOk } from '../../start/health.ts';
import type { World } from '../../harness/world.ts';
import { cpuMsOf, memoryOf } from '../../harness/processes.ts';

const POLL_MS = 5;
const MOST_MS = 60_000;

/** One start of the real daemon: ms from spawning it, processor time until ready, and what is resident when it serves. */
export type ColdStart = {
  readonly readyMs: number;
  readonly cpuMs: number;
  readonly servingMs: number;
  readonly residentMb: number;
};

async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + MOST_MS;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`The daemon did not come to be ${what}.`);
    await sleep(POLL_MS);
  }
}

/** Whether the daemon shows its start screen and speaks with the server. */
async function serves(url: string): Promise<boolean> {
  const response = await fetch(url);
  const { screen, online } = (await response.json()) as { screen: string; online: boolean };
  return screen === 'attract' && online;
}

/** Stops the daemon, starts it, and times how it comes up: its health answers ready, then the screen invites and it is online. */
export async function coldStart({ supervisor, layout, kiosk }: World): Promise<ColdStart> {
  const health = `${layout.urls.kiosk}/healthz`;
  await supervisor.halt('daemon', 'SIGTERM');
  const startedAt = performance.now();
  supervisor.start(daemonChild(layout, kiosk.id));
  await until('ready', () => answersOk(health));
  const readyMs = performance.now() - startedAt;
  const pid = supervisor.pids()['daemon'] ?? 0;
  const cpuMs = cpuMsOf(pid);
  await until('in service', () => serves(health));
  const servingMs = performance.now() - startedAt;
  return { readyMs, cpuMs, servingMs, residentMb: memoryOf(pid).residentMb };
}
