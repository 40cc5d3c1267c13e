import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Books } from '../../harness/books.ts';
import { startServerAlone } from '../../harness/server-alone.ts';
import { CliFuzz } from './cli-fuzz.ts';
import { BookDigest } from './digest.ts';
import { setStage } from './stage.ts';
import type { Visit } from './visit.ts';

/** `tessera` at a real server, typed by somebody who has read half of its help. */
export async function cliDoor(visit: Visit): Promise<void> {
  const server = await startServerAlone(visit.say);
  const digest = new BookDigest(join(server.dataDir, 'server', 'tessera.db'));
  const stranger = await startStranger();
  const { findings } = visit;
  try {
    const stage = await setStage(server, visit.chance.fork());
    // The kiosk is here for its stock alone.
    stage.line.cut();
    await findings.baseline(digest);
    const strangerUrl = `http://127.0.0.1:${String((stranger.address() as AddressInfo).port)}`;
    const fuzz = new CliFuzz({ visit, stage, server, digest, strangerUrl });
    while (visit.next()) await fuzz.ask();
    if (server.deaths() > 0) findings.add('the server died', server.deaths());
    await findings.check(new Books(server.url, server.operator));
  } finally {
    stranger.close();
    await digest.close();
    await server.close();
  }
}

/** A web server that is none of ours: people mistype addresses. */
function startStranger(): Promise<Server> {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    const isJson = asked % 2 === 0;
    response.writeHead(asked % 3 === 0 ? 404 : 200, { 'content-type': isJson ? 'application/json' : 'text/html' });
    response.end(isJson ? '{"hello":"world"}' : '<h1>It works!</h1>');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
