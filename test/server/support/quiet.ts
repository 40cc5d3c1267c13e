import pg from 'pg';

/** Questions to PostgreSQL that have no answer yet, of this whole process. SQLite answers before anybody could ask. */
let unanswered = 0;

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Counts the calls of a method until their promise settles. */
function count(holder: object, name: 'query' | 'connect'): void {
  const methods = holder as Record<typeof name, Method>;
  const original = methods[name];
  methods[name] = function (...args) {
    const answer = original.apply(this, args);
    if (answer instanceof Promise) {
      unanswered += 1;
      const done = (): void => {
        unanswered -= 1;
      };
      answer.then(done, done);
    }
    return answer;
  };
}
count(pg.Client.prototype, 'query');
count(pg.Client.prototype, 'connect');
count(pg.Pool.prototype, 'connect');

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Turns of the event loop without a question after which nothing more comes of what was started. */
const SILENT_TURNS = 3;

/** Everything that was started has come as far as it can: no microtask is left, and no question to a database. */
export async function settled(): Promise<void> {
  await turn();
  for (let silent = 0; silent < SILENT_TURNS;) {
    silent = unanswered === 0 ? silent + 1 : 0;
    if (silent < SILENT_TURNS) await turn();
  }
}
