import type { Moment } from './moment.ts';

/** A bug put into the guest's copy of the built product: a text that stands there exactly once, and what takes its place. */
export type Plant = {
  readonly name: string;
  readonly about: string;
  /** The process that has it. */
  readonly victim: 'server' | 'daemon';
  /** Where a cut shows it. */
  readonly shows: Moment['phase'];
  readonly file: string;
  readonly from: string;
  readonly to: string;
};

export const plants: readonly Plant[] = [
  {
    name: 'journal-without-fsync',
    about: 'The kiosk writes its journal and takes it for durable at once.',
    victim: 'daemon',
    shows: 'confirmed',
    file: 'kiosk/daemon/dist/platform/node-disk.js',
    from: 'O_APPEND | O_DSYNC',
    to: 'O_APPEND',
  },
  {
    name: 'database-without-fsync',
    about: 'The server answers before SQLite has synced.',
    victim: 'server',
    shows: 'confirmed',
    file: 'server/dist/platform/database/sqlite.js',
    from: "sqlite.pragma('synchronous = FULL');",
    to: "sqlite.pragma('synchronous = OFF');",
  },
  {
    name: 'rename-without-directory-fsync',
    about: 'The kiosk replaces a file and does not sync the folder that names it.',
    victim: 'daemon',
    // Between hello, which tells the connection's number, and the next sync.
    shows: 'recovery',
    file: 'kiosk/daemon/dist/platform/node-disk.js',
    from: 'await handle.sync();',
    to: '',
  },
];

/** The patched text; throws where the product has changed so that the bug no longer fits exactly once. */
export function planted(text: string, { name, file, from, to }: Plant): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${name}: "${from}" stands ${String(parts.length - 1)} times in ${file}`);
  return parts.join(to);
}
