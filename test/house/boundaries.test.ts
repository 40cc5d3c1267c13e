import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

type Module = { readonly source: string };
type Cruise = {
  readonly modules: readonly Module[];
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
      readonly cycle?: readonly { readonly name: string }[];
    }[];
  };
};

/** Runs the check as `npm run check:boundaries` does, in a folder. */
function cruise(folder: string): Promise<Cruise> {
  const rooms = ['shared', 'hardware', 'kiosk', 'server', 'scripts', 'test'];
  const args = [cruiser, '--config', join(root, '.dependency-cruiser.js'), '--output-type', 'json', ...rooms];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64e6 }, (_error, stdout, stderr) => {
      if (stdout === '') reject(new Error(stderr));
      else resolve(JSON.parse(stdout) as Cruise);
    });
  });
}

const rooms = ['shared', 'hardware', 'kiosk/daemon', 'kiosk/ui', 'server', 'server/web', 'scripts', 'test'];

/** A small house of the same shape, with what each kind of violation needs to look at. */
const house: Readonly<Record<string, string>> = {
  'shared/src/word.ts': 'export const word = 1;',
  'shared/src/secret.ts': "import { createHmac } from 'node:crypto';\nexport const secret = createHmac;",
  'hardware/src/wire.ts': "import { word } from '@tessera/shared/word';\nexport const wire = word;",
  'kiosk/daemon/src/main.ts': "import { wire } from '@tessera/hardware/wire';\nexport const daemon = wire;",
  'kiosk/ui/src/main.ts': "import { word } from '@tessera/shared/word';\nexport const screen = word;",
  'server/src/main.ts': "import { word } from '@tessera/shared/word';\nexport const server = word;",
  'server/src/platform/database/database.ts': 'export const database = 1;',
  'server/src/features/cards/store.ts': 'export const cards = 1;',
  'server/src/features/cards/index.ts': "export { cards } from './store.ts';",
  'server/src/features/stock/service.ts': "import { cards } from '../cards/index.ts';\nexport const stock = cards;",
  'server/web/src/main.ts': 'export const page = 1;',
  'scripts/src/main.ts': 'export const script = 1;',
  'test/some.test.ts': 'export const test = 1;',
};

const named: Readonly<Record<string, string>> = {
  shared: 'shared',
  hardware: 'hardware',
  'kiosk/daemon': 'kiosk-daemon',
  'kiosk/ui': 'kiosk-ui',
  server: 'server',
  'server/web': 'server-web',
  scripts: 'scripts',
};

async function put(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), `${text}\n`);
  }
}

async function buildHouse(folder: string): Promise<void> {
  await put(folder, house);
  await put(folder, { 'package.json': '{"name":"house","type":"module","devDependencies":{"chai":"1.0.0"}}' });
  await mkdir(join(folder, 'node_modules/@tessera'), { recursive: true });
  for (const [path, name] of Object.entries(named)) {
    const exports = { './*': { source: './src/*.ts', default: './dist/*.js' } };
    await put(folder, {
      [`${path}/package.json`]: JSON.stringify({ name: `@tessera/${name}`, type: 'module', exports }),
    });
    await symlink(join(folder, path), join(folder, 'node_modules/@tessera', name));
  }
  for (const name of ['zod', 'chai']) {
    const files = { 'package.json': `{"name":"${name}","main":"index.js"}`, 'index.js': 'export const object = 1;' };
    await put(join(folder, 'node_modules', name), files);
  }
}

/** Rule → a file that breaks it. */
const planted: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['shared-looks-nowhere', 'shared/src/bad.ts', "export { wire } from '@tessera/hardware/wire';"],
  ['shared-is-pure', 'shared/src/bad.ts', "export { readFileSync } from 'node:fs';"],
  ['hardware-looks-at-shared', 'hardware/src/bad.ts', "export { daemon } from '@tessera/kiosk-daemon/main';"],
  ['kiosk-and-server-never-meet', 'kiosk/daemon/src/bad.ts', "export { server } from '@tessera/server/main';"],
  ['kiosk-and-server-never-meet', 'kiosk/daemon/src/bad.ts', "export { server } from '../../../server/src/main.ts';"],
  ['server-and-kiosk-never-meet', 'server/src/bad.ts', "export type { daemon } from '@tessera/kiosk-daemon/main';"],
  ['server-and-kiosk-never-meet', 'server/src/bad.ts', "export { wire } from '@tessera/hardware/wire';"],
  ['screens-look-at-shared', 'kiosk/ui/src/bad.ts', "export { wire } from '@tessera/hardware/wire';"],
  ['screens-look-at-shared', 'kiosk/ui/src/bad.ts', "export { daemon } from '@tessera/kiosk-daemon/main';"],
  ['screens-look-at-shared', 'server/web/src/bad.ts', "export { server } from '@tessera/server/main';"],
  ['screens-stay-in-the-browser', 'kiosk/ui/src/bad.ts', "export { secret } from '@tessera/shared/secret';"],
  ['screens-use-small-zod', 'kiosk/ui/src/bad.ts', "export { object } from 'zod';"],
  ['screens-use-small-zod', 'shared/src/bad.ts', "export { object } from 'zod';"],
  ['daemon-never-imports-its-screen', 'kiosk/daemon/src/bad.ts', "export { screen } from '@tessera/kiosk-ui/main';"],
  ['feature-by-its-face', 'server/src/features/stock/bad.ts', "export { cards } from '../cards/store.ts';"],
  ['platform-knows-no-feature', 'server/src/platform/bad.ts', "export { cards } from '../features/cards/index.ts';"],
  ['nobody-imports-scripts-or-tests', 'server/src/bad.ts', "export { script } from '@tessera/scripts/main';"],
  ['no-circular', 'shared/src/bad.ts', "import { twin } from './twin.ts';\nexport const bad = twin;"],
  ['no-unresolvable', 'server/src/bad.ts', "export { nothing } from './nothing.ts';"],
  ['only-own-packages', 'server/src/bad.ts', "export { expect } from 'chai';"],
];

/** Each planted file has a name of its own, so that one reading of the house finds them all. */
const plantedAt = (path: string, index: number): string => path.replace('/bad.ts', `/bad-${String(index)}.ts`);

describe('house: boundaries', function () {
  this.timeout(60_000);
  let folder = '';
  let clean: Cruise;
  let broken: Cruise;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tessera-house-'));
    await buildHouse(folder);
    clean = await cruise(folder);
    for (const [index, [, path, text]] of planted.entries()) await put(folder, { [plantedAt(path, index)]: text });
    const circle = planted.findIndex(([rule]) => rule === 'no-circular');
    await put(folder, { 'shared/src/twin.ts': `export { bad as twin } from './bad-${String(circle)}.ts';` });
    broken = await cruise(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('holds in this tree, and has read every room', async () => {
    const { modules, summary } = await cruise(root);
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).to.deep.equal([]);
    const own = modules.filter(({ source }) => rooms.some((room) => source.startsWith(`${room}/`)));
    expect(own.length).to.be.greaterThan(200);
    for (const room of rooms) {
      expect(
        own.filter(({ source }) => source.startsWith(`${room}/`)),
        room,
      ).to.not.be.empty;
    }
  });

  it('finds nothing in a small clean house, and reads all of it', () => {
    expect(clean.summary.violations).to.deep.equal([]);
    expect(clean.modules.map(({ source }) => source)).to.include.members(Object.keys(house));
  });

  for (const [index, [rule, path, text]] of planted.entries()) {
    it(`${rule} catches, in ${dirname(path)}: ${text.split('\n')[0] ?? ''}`, () => {
      const at = plantedAt(path, index);
      const found = broken.summary.violations.filter(
        ({ from, cycle = [] }) => from === at || cycle.some(({ name }) => name === at),
      );
      expect(found.map(({ rule: { name } }) => name)).to.include(rule);
    });
  }
});
