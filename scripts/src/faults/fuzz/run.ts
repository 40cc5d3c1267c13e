import { SeededChance } from '../../simulate/seeded-chance.ts';
import { cabinetDoor } from './cabinet-door.ts';
import { cliDoor } from './cli-door.ts';
import { filesDoor } from './files-door.ts';
import { Findings } from './findings.ts';
import { serialDoor } from './serial-door.ts';
import { serverDoor } from './server-door.ts';
import { uiDoor } from './ui-door.ts';
import { Visit } from './visit.ts';

/** Everything that takes words from outside, each with what it is spoken to with. */
const doors = {
  server: serverDoor,
  ui: uiDoor,
  cabinet: cabinetDoor,
  serial: serialDoor,
  files: filesDoor,
  cli: cliDoor,
} as const;
export type DoorName = keyof typeof doors;
export const doorNames = Object.keys(doors) as readonly DoorName[];

export type FuzzOptions = {
  readonly seed: number;
  readonly doors: readonly DoorName[];
  /** In all, in equal parts; a door's part ends at whichever comes first. */
  readonly minutes: number;
  /** At each door. */
  readonly messages: number;
  readonly say: (line: string) => void;
};

export type DoorResult = {
  readonly messages: number;
  readonly findings: readonly string[];
  readonly answered: Readonly<Record<string, number>>;
};

/** Speaks at one door after the other, with messages from its own schemas and broken ones, and judges each answer. */
export async function fuzz(options: FuzzOptions): Promise<Readonly<Partial<Record<DoorName, DoorResult>>>> {
  const { seed, messages, say } = options;
  const minutes = options.minutes / options.doors.length;
  const results: Partial<Record<DoorName, DoorResult>> = {};
  for (const name of options.doors) {
    const findings = new Findings();
    const visit = new Visit({
      // A door's chance does not depend on which others are visited.
      chance: new SeededChance(seed, doorNames.indexOf(name)),
      findings,
      say: (line) => say(`${name}: ${line}`),
      most: { minutes, messages },
    });
    // What is dead cannot be asked how it died: that the run broke off is the finding.
    await doors[name](visit).catch((error: unknown) => {
      findings.add('the run broke off', error instanceof Error ? error.stack : error);
    });
    results[name] = {
      messages: visit.messages,
      findings: findings.found,
      answered: Object.fromEntries(visit.answered),
    };
  }
  return results;
}
