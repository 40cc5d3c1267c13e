import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { JsonLineDecoder } from '../wire/json-lines.ts';
import type { CabinetModel, Past } from './model.ts';
import { dropSchema, savedSchema, type Drop, type Saved } from './saved.ts';

/**
 * The cabinet's memory on disk: `state.json`, replaced whole, and `drops.ndjson`, one line a drop. Written at once and
 * synchronously, so that a killed process forgets nothing; not fsynced, since only processes die here, not the machine.
 */
export class CabinetStore {
  readonly #statePath: string;
  readonly #dropsPath: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#statePath = join(folder, 'state.json');
    this.#dropsPath = join(folder, 'drops.ndjson');
  }

  /** Reads the past; a torn last line is a drop that was not counted. Throws where the state is not ours. */
  load(): Past {
    return { saved: this.#loadState(), drops: this.#loadDrops() };
  }

  /** Writes down everything that happens from now on. */
  follow(model: CabinetModel): void {
    model.onDrop((drop) => {
      appendFileSync(this.#dropsPath, `${JSON.stringify(drop)}\n`);
    });
    model.onChange(() => {
      const next = `${this.#statePath}.next`;
      writeFileSync(next, JSON.stringify(model.saved()));
      renameSync(next, this.#statePath);
    });
  }

  /** A reset cabinet has no history. */
  forgetDrops(): void {
    writeFileSync(this.#dropsPath, '');
  }

  #loadState(): Saved | undefined {
    if (!existsSync(this.#statePath)) return undefined;
    return z.parse(savedSchema, JSON.parse(readFileSync(this.#statePath, 'utf8')));
  }

  #loadDrops(): Drop[] {
    if (!existsSync(this.#dropsPath)) return [];
    const text = readFileSync(this.#dropsPath);
    return new JsonLineDecoder().push(text).flatMap((line) => {
      const drop = z.safeParse(dropSchema, line.kind === 'value' ? line.value : undefined);
      return drop.success ? [drop.data] : [];
    });
  }
}
