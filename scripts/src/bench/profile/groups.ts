import type { Frame, Seen } from './profile.ts';

/** What a share of processor time went to. */
export type Share = { readonly group: string; readonly micros: number };

/** Libraries by what they are there for, in the order in which they are looked for. */
const libraries: readonly (readonly [pattern: RegExp, group: string])[] = [
  [/node_modules\/zod/, 'checking of input (zod)'],
  [/node_modules\/(socket\.io|engine\.io|ws|@socket\.io)/, 'sockets (socket.io, ws)'],
  [/node_modules\/kysely/, 'building of queries (kysely)'],
  [/node_modules\/(pino|sonic-boom|@pinojs|fast-redact)/, 'log (pino)'],
  [/node_modules\/(express|router|body-parser|helmet|raw-body|finalhandler)/, 'HTTP (express)'],
  [/^node:internal\/crypto/, 'signatures and hashes'],
  [/^node:(net|http|_http|internal\/(stream|streams))/, 'network (node)'],
];

/** What is not work: nobody asked anything, or the process was starting. */
const isIdle = (stack: readonly Frame[]): boolean =>
  stack.some(({ name, url }) => name === '(idle)' || /^node:internal\/(modules|bootstrap)|esm\/loader/.test(url));

const featureOf = (frames: readonly Frame[]): string | undefined => {
  for (const { url } of frames) {
    const [, room] = /\/server\/dist\/(?:features|platform)\/([a-z-]+)/.exec(url) ?? [];
    if (room !== undefined && room !== 'database') return room;
  }
  return undefined;
};

/** The group of one stack; undefined for what is no work. */
function groupOf(stack: readonly Frame[]): string | undefined {
  const [top] = stack;
  if (top === undefined || isIdle(stack)) return undefined;
  if (top.name === '(garbage collector)') return 'garbage collection';
  if (/\/platform\/database\/(direct|sqlite)\.js$/.test(top.url)) {
    // COMMIT and savepoints are asked for by the batch itself, every other statement by a feature.
    const feature = featureOf(stack);
    if (feature === undefined || feature === 'commands') return 'SQLite: COMMIT and savepoints';
    return `SQLite: ${feature}`;
  }
  if (top.url.includes('/platform/database/')) return 'binding of statements';
  for (const [pattern, group] of libraries) if (pattern.test(top.url)) return group;
  const feature = featureOf(stack.slice(0, 1));
  return feature === undefined ? 'everything else' : `our code: ${feature}`;
}

/** Shares of all stacks, the largest first. */
export function sharesOf(seen: readonly Seen[]): Share[] {
  const shares = new Map<string, number>();
  for (const { stack, micros } of seen) {
    const group = groupOf(stack);
    if (group !== undefined) shares.set(group, (shares.get(group) ?? 0) + micros);
  }
  return [...shares].map(([group, micros]) => ({ group, micros })).sort((a, b) => b.micros - a.micros);
}
