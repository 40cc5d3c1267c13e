import type { Incarnation } from './incarnation.ts';

/** What the server's door looks like from the wire. */
export type Door = {
  readonly life: Incarnation;
  open(connection: { push(name: string, payload: unknown): void; close(): void }): {
    receive(event: string, payload: unknown): Promise<object>;
    closed(): void;
  };
};
