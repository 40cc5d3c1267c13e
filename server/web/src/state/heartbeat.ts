import { signal } from '@preact/signals';

/** When the server last answered, in ms since the epoch; undefined before the first answer. */
export const heardAt = signal<number | undefined>(undefined);
