import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const COPIED = ['package.json', 'tsconfig.base.json', 'shared', 'hardware', 'kiosk', 'server', 'scripts', 'test'];
const NOT_COPIED: ReadonlySet<string> = new Set(['node_modules', 'dist', 'artifacts']);

type Manifest = { readonly name: string; readonly workspaces?: readonly string[] };
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/**
 * Makes a copy of the sources in which mutants may live, so that nobody's tree is touched, not even by a run that is
 * killed. It stands below the root: packages are found in the root's node_modules, and the house's own rooms in the copy
 * (Stryker's own sandbox would find the originals: its node_modules is a link to ours).
 */
export function copyHouse(root: string, copy: string): void {
  rmSync(copy, { recursive: true, force: true });
  for (const name of COPIED) {
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      filter: (source) => !NOT_COPIED.has(basename(source)),
    });
  }
  for (const workspace of manifestOf(root).workspaces ?? []) {
    const link = join(copy, 'node_modules', manifestOf(join(root, workspace)).name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(copy, workspace), link);
  }
}
