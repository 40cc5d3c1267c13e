import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** The other server processes that share a database. */
export interface Neighbours {
  /** Says a word to all of them; they hear it once what `db` is in the middle of is committed, and never if it is undone. */
  say(db: Kysely<Schema>, word: string): Promise<void>;
  /** Hears them from now on. `missed`: words may have been lost, because the line was down for a while. */
  listen(hear: (word: string) => void, missed: () => void): void;
  /** Takes a mark that one process at a time may have, until `drop` or its end; false where another one has it. */
  take(mark: string): Promise<boolean>;
  drop(mark: string): Promise<void>;
}

/** A database that belongs to one process. */
export const noNeighbours: Neighbours = {
  say: () => Promise.resolve(),
  listen: () => undefined,
  take: () => Promise.resolve(true),
  drop: () => Promise.resolve(),
};
