import { problemSchema } from '@tessera/shared/problem';
import * as z from 'zod/mini';
import type { Books } from '../../harness/books.ts';
import type { Supervisor } from '../../start/supervisor.ts';
import { differences, type BookDigest } from './digest.ts';
import type { Stage } from './stage.ts';

const LONGEST = 1_500;
const MOST = 200;

/** What was found wrong, and the oracles that find it. */
export class Findings {
  readonly found: string[] = [];
  #before: ReadonlyMap<string, string> = new Map();

  add(what: string, about: unknown): void {
    if (this.found.length < MOST) this.found.push(`${what}: ${JSON.stringify(about).slice(0, LONGEST)}`);
  }

  /** A refusal must be one of the catalogue, and none of a bug. */
  refusal(problem: unknown, about: unknown): void {
    const known = z.safeParse(problemSchema, problem);
    if (!known.success) this.add('a refusal that is no problem of the catalogue', { problem, about });
    else if (known.data.code === 'internal') this.add('a bug answered', { problem, about });
  }

  /** Nobody hears what is not theirs. */
  leaks(answer: string, { canaries, secrets }: Stage, mayKnowMembers: boolean, about: unknown): void {
    const told = JSON.stringify(about);
    for (const word of [...secrets, ...(mayKnowMembers ? [] : canaries)]) {
      // Who sends a word may hear it again.
      if (answer.includes(word) && !told.includes(word)) this.add(`heard "${word}"`, { answer, about });
    }
  }

  /** The books as they stand: what the next call may or may not change. */
  async baseline(digest: BookDigest): Promise<void> {
    this.#before = await digest.take();
  }

  /** Compares the books with the last look; where nothing may have changed, a difference is a finding. */
  async unchanged(digest: BookDigest, mayChange: boolean, about: unknown): Promise<void> {
    const after = await digest.take();
    const changed = differences(this.#before, after);
    if (!mayChange && changed.length > 0) this.add(`a refused call changed ${changed.join(', ')}`, about);
    this.#before = after;
  }

  /** No process has ended by itself. */
  deaths(supervisor: Pick<Supervisor, 'pids' | 'deaths'>): void {
    for (const name of Object.keys(supervisor.pids())) {
      const deaths = supervisor.deaths(name);
      if (deaths > 0) this.add(`${name} died`, deaths);
    }
  }

  /** Every invariant of the books holds. */
  async check(books: Books): Promise<void> {
    const { checks } = await books.check();
    for (const { name, ok, rows } of checks) if (ok === false) this.add(`check ${name}`, rows);
  }
}
