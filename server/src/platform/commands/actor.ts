/** On whose word something is done: `admin:<id>`, `terminal:<id>`, `kiosk:<id>`, `job:<name>`, `public`, or `cli`. */
export type Actor = `${'admin' | 'terminal' | 'kiosk' | 'job'}:${string}` | 'public' | 'cli';
