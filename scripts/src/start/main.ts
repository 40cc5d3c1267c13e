import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeDataDir } from './data-dir.ts';
import { layoutOf, type Layout, type StartOptions } from './layout.ts';
import { readyLine, readyScreen } from './screen.ts';
import { Supervisor } from './supervisor.ts';
import { startTessera } from './tessera.ts';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** The last words of each process, for a person whose start has failed. */
function lastWords({ logDir }: Layout): string {
  const words = ['server', 'cabinet', 'guard', 'daemon'].map((name) => {
    try {
      const lines = readFileSync(join(logDir, `${name}.log`), 'utf8')
        .trimEnd()
        .split('\n');
      return `--- ${name}\n${lines.slice(-5).join('\n')}`;
    } catch {
      return `--- ${name} has said nothing`;
    }
  });
  return words.join('\n');
}

/**
 * Starts a whole Tessera and keeps it running until SIGINT or SIGTERM.
 * @public called by scripts/boot/start.js once this is compiled
 */
export async function start(options: StartOptions): Promise<void> {
  const folder = takeDataDir(options.dataDir, options.fresh);
  if (!folder.ok) {
    say(folder.error);
    process.exit(1);
  }
  const layout = layoutOf(options);
  mkdirSync(layout.runDir, { recursive: true });
  const { root: cwd, logDir, pidsFile } = { ...options, ...layout };
  const supervisor = new Supervisor({ cwd, logDir, pidsFile, say });
  const progress = { stopping: false };
  const stop = async (code: number): Promise<void> => {
    if (progress.stopping) return;
    progress.stopping = true;
    await supervisor.stop();
    folder.value.release();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      say(`\nStopping (${signal}).`);
      void stop(0);
    });
  }
  const tessera = await startTessera(layout, { say, stopped: () => progress.stopping, supervisor });
  if (progress.stopping) return;
  if (!tessera.ok) {
    say(`\n✗ ${tessera.error}\n\nWhat the processes said last (${layout.logDir}):\n${lastWords(layout)}`);
    await stop(1);
    return;
  }
  writeFileSync(layout.readyFile, readyLine(tessera.value), { mode: 0o600 });
  process.stdout.write(options.json ? `${readyLine(tessera.value)}\n` : readyScreen(tessera.value));
}
