const ROOMS = '^(hardware|kiosk|server|scripts|test)/';

/** The arrows of docs/architecture.md. test/house/boundaries.test.ts plants a breach of each and sees it caught. */
export default {
  forbidden: [
    {
      name: 'shared-looks-nowhere',
      comment: 'shared is what both ends agree on: it depends on no room.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: ROOMS },
    },
    {
      name: 'shared-is-pure',
      comment: 'shared does no I/O: of node it may use crypto alone, of npm zod alone.',
      severity: 'error',
      from: { path: '^shared/' },
      to: {
        dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'],
        pathNot: '^(node:)?crypto$|^node_modules/zod/',
      },
    },
    {
      name: 'hardware-looks-at-shared',
      severity: 'error',
      from: { path: '^hardware/' },
      to: { path: '^(kiosk|server|scripts|test)/' },
    },
    {
      name: 'kiosk-and-server-never-meet',
      comment: 'They speak over the wire, in the words of shared.',
      severity: 'error',
      from: { path: '^kiosk/' },
      to: { path: '^server/' },
    },
    {
      name: 'server-and-kiosk-never-meet',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^(kiosk|hardware)/' },
    },
    {
      name: 'screens-look-at-shared',
      comment: 'A screen draws what it is sent: it imports neither its daemon, nor its server, nor hardware.',
      severity: 'error',
      from: { path: '^(kiosk/ui|server/web)/' },
      to: { path: '^(hardware|kiosk/daemon|server/src)/' },
    },
    {
      name: 'daemon-never-imports-its-screen',
      severity: 'error',
      from: { path: '^kiosk/daemon/' },
      to: { path: '^kiosk/ui/' },
    },
    {
      name: 'screens-stay-in-the-browser',
      comment: 'Nothing that a screen reaches may need node.',
      severity: 'error',
      from: { path: '^(kiosk/ui|server/web)/src/' },
      to: { path: '^(node:)?(crypto|fs|net|path|process|os|events|http|stream|buffer|util)$', reachable: true },
    },
    {
      name: 'screens-use-small-zod',
      comment: 'zod/mini is 5 KB, zod is up to 92: what a kiosk screen may import uses the small one.',
      severity: 'error',
      from: { path: '^(shared|kiosk/ui)/src/' },
      to: { path: '^node_modules/zod/', pathNot: '^node_modules/zod/(mini|v4/mini)/' },
    },
    {
      name: 'feature-by-its-face',
      comment: "A feature's store is its own: others call it through its index.",
      severity: 'error',
      from: { path: '^server/src/features/([^/]+)/' },
      to: { path: '^server/src/features/([^/]+)/', pathNot: '^server/src/features/($1/|[^/]+/index[.]ts$)' },
    },
    {
      name: 'platform-knows-no-feature',
      severity: 'error',
      from: { path: '^server/src/platform/' },
      to: { path: '^server/src/features/' },
    },
    {
      name: 'nobody-imports-scripts-or-tests',
      severity: 'error',
      from: { path: '^(shared|hardware|kiosk|server)/' },
      to: { path: '^(scripts|test)/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'only-own-packages',
      comment: 'What ships needs what its own package.json names, never what only builds and tests it.',
      severity: 'error',
      from: { path: '^(shared|hardware|kiosk|server|scripts)/(src|.*/src)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '^node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: '^node_modules/|/node_modules/' },
    exclude: { path: '/dist/|^test/artifacts/' },
    moduleSystems: ['es6'],
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
