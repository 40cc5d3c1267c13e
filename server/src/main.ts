#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
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

/** What keeps a server from starting is the operator's to mend, so it is a refusal with a sentence. */
function cannotStart(error: unknown, { host, port }: ServeOptions): Problem | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'TESSERA_DATA_IN_USE' || code === 'TESSERA_NO_DATABASE')
    return problem('unavailable', { detail: (error as Error).message });
  const where = `${host} port ${String(port)}`;
  if (code === 'EADDRINUSE') {
    return problem('unavailable', { detail: `${where} is in use already. Stop what listens there, or choose --port.` });
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return problem('unavailable', {
      detail: `${where} cannot be listened on (${code}). Choose another --host or --port.`,
    });
  }
  return undefined;
}

/** Runs the server until the first SIGTERM or SIGINT, then lets it finish the work at hand. */
async function serveUntilSignal(options: ServeOptions): Promise<Result<void, Problem>> {
  // Loaded on demand: the other commands start without express, socket.io and the password hasher.
  const { serve } = await import('./serve.ts');
  const signal = new Promise<void>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const)
      process.once(name, () => {
        resolve();
      });
  });
  const die = (): void => {
    process.kill(process.pid, 'SIGKILL');
  };
  try {
    const server = await serve({ ...options, env: process.env, die });
    await signal;
    await server.stop();
    return ok(undefined);
  } catch (error) {
    const refusal = cannotStart(error, options);
    if (refusal === undefined) throw error;
    return err(refusal);
  }
}

// Whoever read along has gone, as under "| head": nobody is told, and the command still ends as it ends.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  process.exitCode = await runCli(process.argv.slice(2), allCommands(serveUntilSignal), io);
} catch (error) {
  io.err(`A bug in tessera: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = exitCodes.bug;
}
