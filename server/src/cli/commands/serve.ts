import { resolve } from 'node:path';
import type { Problem } from '@tessera/shared/problem';
import { ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import { settingsAbout } from '../../platform/config/settings.ts';
import { defineCommand, type CommandSpec } from '../command.ts';
import { text, wholeNumber } from '../inputs.ts';

export type ServeOptions = {
  readonly dataDir: string;
  readonly port: number;
  readonly host: string;
  readonly demo: boolean;
};

/** Starts the server and answers when it has been stopped, or why it cannot start; main.ts gives the real one. */
export type Serve = (options: ServeOptions) => Promise<Result<void, Problem>>;

/** `serve` is given what it starts, so that the command line does not pull the whole server into every command. */
export const serveCommand = (serve: Serve): CommandSpec =>
  defineCommand({
    name: 'serve',
    summary: 'run the server',
    about:
      'Keeps everything below --data: the database, and operator.token, which the other commands use with --data. ' +
      'DATABASE_URL=postgres://… puts the books into PostgreSQL; several servers may then share them, each with its own --data. ' +
      'Ends on SIGTERM or SIGINT after the work at hand. One JSON line an event on stderr.',
    examples: [
      'tessera serve --data ./data',
      'tessera serve --data /var/lib/tessera --port 4100 --host 0.0.0.0',
      'tessera serve --data ./data --demo    # the demo doors (member QR as text) are open',
    ],
    reach: 'none',
    options: [
      { flags: '--data <dir>', about: 'where everything is kept (./data, or TESSERA_DATA)' },
      { flags: '--port <port>', about: 'port of HTTP, kiosk sockets, /admin and /docs (4100)' },
      { flags: '--host <address>', about: 'address to listen on (127.0.0.1)' },
      { flags: '--demo', about: 'open the doors that only a demo may have' },
    ],
    environment: settingsAbout,
    input: z.object({
      data: text('Say where to keep everything: --data DIR.', 1000).optional(),
      port: wholeNumber('A port is a number from 0 to 65535.', 0, 65_535).default(4100),
      host: text('Say which address to listen on.').default('127.0.0.1'),
      demo: z.boolean().default(false),
    }),
    async run(context, input) {
      const dataDir = resolve(context.dataDir ?? 'data');
      const served = await serve({ dataDir, port: input.port, host: input.host, demo: input.demo });
      return served.ok ? ok({ json: { stopped: true }, text: 'Stopped.' }) : served;
    },
  });
