#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { allCommands } from './cli/commands/index.ts';
import type { ServeOptions } from './cli/commands/serve.ts';
import { exitCodes } from './cli/exit-codes.ts';
import type { CliIo } from './cli/io.ts';
import { runCli } from './cli/program.ts';
import { systemChance, systemClock } from './platform/clock/system.ts';

const io: CliIo = {
  out: (words) => {
    process.stdout.write(words);
  },
  err: (words) => {
    process.stderr.write(words);
  },
  interactive: process.stdin.isTTY && process.stderr.isTTY,
  async ask(question) {
    const reader = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await reader.question(question);
    } finally {
      reader.close();
    }
  },
  readInput: () => text(process.stdin),
  env: process.env,
  fetch,
  clock: systemClock,
  chance: systemChance,
};

/** Runs the server until the first SIGTERM or SIGINT, then lets it finish the work at hand. */
async function serveUntilSignal(options: ServeOptions): Promise<void> {
  // Loaded on demand: the other commands start without express, socket.io and the password hasher.
  const { serve } = await import('./serve.ts');
  const signal = new Promise<void>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const)
      process.once(name, () => {
        resolve();
      });
  });
  const server = await serve(options);
  await signal;
  await server.stop();
}

try {
  process.exitCode = await runCli(process.argv.slice(2), allCommands(serveUntilSignal), io);
} catch (error) {
  io.err(`A bug in tessera: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = exitCodes.bug;
}
