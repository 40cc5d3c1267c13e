import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Moment } from './moment.ts';
import type { Loss } from './nbd/volatile-disk.ts';

/** One power cut and what came of it. */
export type Cut = {
  readonly phase: Moment['phase'];
  readonly cue: Moment['cue'];
  readonly afterMs: number;
  readonly writebackCs: number;
  readonly server: Loss;
  readonly kiosk: Loss;
  /** Of the recovery before this cut; null where the cut came before it was up. */
  readonly bootMs: number | null;
  readonly note: string | null;
};

/** Everything that a run needs to go on after it was itself interrupted. */
export type Progress = {
  /** The machine that it began with. */
  readonly key: string;
  readonly plant: string | null;
  readonly cuts: Cut[];
  readonly lengths: number[];
  captured: readonly string[];
  redemptions: number;
  purchases: number;
  /** How often the kiosk's disk was flushed until it last served. */
  bootFlushes: number;
  doubts: number;
  disagreements: string[];
};

const fileOf = (workDir: string): string => join(workDir, 'progress.json');

export function saveProgress(workDir: string, progress: Progress): void {
  const file = fileOf(workDir);
  writeFileSync(`${file}.new`, JSON.stringify(progress));
  renameSync(`${file}.new`, file);
}

/** What an earlier run of this version left; undefined where there is nothing. */
export const loadProgress = (workDir: string): Progress | undefined =>
  existsSync(fileOf(workDir)) ? (JSON.parse(readFileSync(fileOf(workDir), 'utf8')) as Progress) : undefined;
