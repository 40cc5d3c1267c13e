import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** The rooms as the architecture names them, longest path first. */
const rooms = ['kiosk/daemon', 'kiosk/ui', 'server/web', 'shared', 'hardware', 'server', 'scripts'] as const;
type Room = (typeof rooms)[number];

type Cruise = {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly { readonly resolved: string }[];
  }[];
};

const roomOf = (path: string): Room | undefined => rooms.find((room) => path.startsWith(`${room}/`));

function cruise(root: string): Promise<Cruise> {
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [
    cruiser,
    '--config',
    '.dependency-cruiser.js',
    '--output-type',
    'json',
    'shared',
    'hardware',
    'kiosk',
    'server',
    'scripts/src',
  ];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 64e6 }, (_error, stdout, stderr) => {
      if (stdout === '') reject(new Error(`dependency-cruiser said nothing: ${stderr}`));
      else resolve(JSON.parse(stdout) as Cruise);
    });
  });
}

/** Which room imports which, as a Mermaid graph drawn from the imports themselves. */
export async function drawRooms(root: string): Promise<string> {
  const { modules } = await cruise(root);
  const arrows = new Set<string>();
  for (const { source, dependencies } of modules) {
    const from = roomOf(source);
    for (const { resolved } of dependencies) {
      const to = roomOf(resolved);
      if (from && to && from !== to) arrows.add(`  ${from} --> ${to}`);
    }
  }
  return ['flowchart TD', ...[...arrows].sort()].join('\n');
}
