import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { planted, type Plant } from './plants.ts';

/** Where the product lies in the guest. */
export const GUEST_ROOT = '/tessera';
/** Where a copy of one room with a bug in it lies. */
export const plantRoot = ({ name }: Plant): string => `/planted/${name}`;
const MODULES = ['virtio_pci', 'virtio_blk', 'virtio_net'];
const ROOMS = ['shared', 'hardware', 'kiosk/daemon', 'server'];
const TOOLS = ['/usr/bin/socat', '/bin/busybox'];

const run = (command: string, args: readonly string[], cwd?: string): string =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 64e6, stdio: ['ignore', 'pipe', 'ignore'], cwd });

/** The newest kernel of this system, by Debian's names. */
export function findKernel(): { image: string; modules: string } {
  const image = readdirSync('/boot')
    .filter((name) => name.startsWith('vmlinuz-'))
    .sort()
    .at(-1);
  if (image === undefined) throw new Error('There is no kernel in /boot: install linux-image-cloud-amd64.');
  return { image: join('/boot', image), modules: join('/lib/modules', image.slice('vmlinuz-'.length)) };
}

/** Kernel modules with all that they need, in the order in which they are loaded. */
function modulePaths(modules: string): string[] {
  const needs = new Map(
    readFileSync(join(modules, 'modules.dep'), 'utf8')
      .split('\n')
      .map((line) => line.split(/:? /).map((path) => path.replace(/:$/, '')))
      .map(([path = '', ...rest]) => [path, rest.filter((one) => one !== '')] as const),
  );
  const paths = [...needs.keys()];
  const wanted = MODULES.flatMap((name) => {
    const path = paths.find((one) => basename(one).startsWith(`${name}.ko`));
    // What is not there as a module is built in.
    return path === undefined ? [] : [...(needs.get(path) ?? [])].reverse().concat(path);
  });
  return [...new Set(wanted)].map((path) => join(modules, path));
}

/** Shared objects that a program or add-on loads, as the loader finds them here; none for those of other systems. */
const librariesOf = (file: string): string[] =>
  [...spawnSync('ldd', [file], { encoding: 'utf8' }).stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);

const addonsIn = (stage: string): string[] =>
  readdirSync(stage, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.node'))
    .map((path) => join(stage, path));

function copyProduct(root: string, stage: string): void {
  const product = join(stage, GUEST_ROOT);
  const wanted = run(
    'npm',
    ['ls', '--omit=dev', '--all', '--parseable', ...ROOMS.flatMap((room) => ['-w', room])],
    root,
  )
    .split('\n')
    .map((path) => relative(root, path))
    .filter((path) => path.startsWith('node_modules/') && existsSync(join(root, path)));
  // A package's own node_modules is on the list by itself.
  for (const path of new Set(wanted)) {
    if (!lstatSync(join(root, path)).isSymbolicLink()) {
      cpSync(join(root, path), join(product, path), { recursive: true, dereference: false });
    }
  }
  for (const room of ROOMS) {
    for (const part of ['dist', 'package.json', 'node_modules']) {
      const from = join(root, room, part);
      if (existsSync(from)) cpSync(from, join(product, room, part), { recursive: true, verbatimSymlinks: true });
    }
  }
  for (const pages of ['kiosk/ui/dist', 'server/web/dist', 'shared/src/design', 'package.json']) {
    cpSync(join(root, pages), join(product, pages), { recursive: true });
  }
  cpSync(join(root, 'node_modules/@tessera'), join(product, 'node_modules/@tessera'), {
    recursive: true,
    verbatimSymlinks: true,
  });
}

/** A copy of the room that a bug is in; all else around it is the sound one. */
function copyPlanted(stage: string, plant: Plant): void {
  const room = plant.file.slice(0, plant.file.indexOf('/dist/'));
  const sound = join(stage, GUEST_ROOT);
  const copy = join(stage, plantRoot(plant));
  mkdirSync(join(copy, dirname(room)), { recursive: true });
  cpSync(join(sound, room), join(copy, room), { recursive: true, verbatimSymlinks: true });
  for (const beside of ['node_modules', 'shared', 'package.json']) {
    symlinkSync(`${GUEST_ROOT}/${beside}`, join(copy, beside));
  }
  writeFileSync(join(copy, plant.file), planted(readFileSync(join(sound, plant.file), 'utf8'), plant));
}

/**
 * Makes the guest's memory file system: kernel modules, busybox, node, and the built product with what it needs.
 * @param children shell text that starts the guest's processes
 */
export function buildInitramfs(options: {
  readonly root: string;
  readonly folder: string;
  readonly children: string;
  readonly wiring: string;
  readonly plants: readonly Plant[];
}): void {
  const stage = join(options.folder, 'stage');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(join(stage, 'power/modules'), { recursive: true });
  mkdirSync(join(stage, 'bin'));
  copyProduct(options.root, stage);
  for (const plant of options.plants) copyPlanted(stage, plant);
  for (const tool of TOOLS) cpSync(tool, join(stage, 'bin', basename(tool)));
  cpSync(process.execPath, join(stage, 'bin/node'));
  for (const library of new Set([process.execPath, ...TOOLS, ...addonsIn(stage)].flatMap(librariesOf))) {
    mkdirSync(join(stage, dirname(library)), { recursive: true });
    cpSync(library, join(stage, library), { dereference: true });
  }
  for (const [index, path] of modulePaths(findKernel().modules).entries()) {
    const to = join(stage, 'power/modules', `${String(index).padStart(2, '0')}-${basename(path).replace(/\.xz$/, '')}`);
    if (path.endsWith('.xz')) writeFileSync(to, execFileSync('xz', ['-dc', path]));
    else cpSync(path, to);
  }
  for (const file of ['sleeper.js', 'reseed.js']) {
    cpSync(join(options.root, 'scripts/guest', file), join(stage, GUEST_ROOT, file));
  }
  cpSync(join(options.root, 'scripts/guest/init'), join(stage, 'init'));
  writeFileSync(join(stage, 'power/children'), options.children);
  writeFileSync(join(stage, 'power/wiring.json'), options.wiring);
  const image = join(options.folder, 'initramfs');
  execFileSync('sh', ['-c', `chmod 755 init && find . | cpio --quiet -o -H newc > ${JSON.stringify(image)}`], {
    cwd: stage,
  });
  rmSync(stage, { recursive: true });
}

/** Makes an ext4 disk with the content of a folder. */
export function buildDisk(file: string, folder: string, megabytes: number): void {
  rmSync(file, { force: true });
  execFileSync('mke2fs', ['-q', '-t', 'ext4', '-d', folder, file, `${String(megabytes)}M`]);
}
