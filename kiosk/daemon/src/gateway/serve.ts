import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scheduler } from '@tessera/shared/ports';
import { createHttpApp, type HttpDependencies } from './http.ts';
import { attachUiSocket } from './ui-socket.ts';
import type { Log } from '../platform/log-events.ts';

/** Opens the door of the screen. Rejects where the port is taken. */
export async function serveGateway(
  options: HttpDependencies & {
    readonly scheduler: Scheduler;
    readonly log: Log;
    readonly host: string;
    readonly port: number;
  },
): Promise<{ port: number; close: () => Promise<void> }> {
  const http = createServer({ maxHeaderSize: 8 * 1024, requestTimeout: 10_000 }, createHttpApp(options));
  const { controller } = options.daemon;
  const socket = attachUiSocket(http, { ...options, controller });
  await new Promise<void>((done, fail) => {
    http.once('error', fail);
    http.listen(options.port, options.host, done);
  });
  // socket.io closes the HTTP server with itself.
  return { port: (http.address() as AddressInfo).port, close: () => socket.close() };
}
