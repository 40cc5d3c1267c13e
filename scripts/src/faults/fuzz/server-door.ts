import { join } from 'node:path';
import { Books } from '../../harness/books.ts';
import { startServerAlone } from '../../harness/server-alone.ts';
import { BookDigest } from './digest.ts';
import { HttpFuzz } from './http-fuzz.ts';
import { KioskFuzz } from './kiosk-fuzz.ts';
import { setStage } from './stage.ts';
import type { Visit } from './visit.ts';

const KIOSK_CHANCE = 0.45;

/** Both doors of a real server: HTTP as its OpenAPI document draws it, and the kiosks' socket. */
export async function serverDoor(visit: Visit): Promise<void> {
  const server = await startServerAlone(visit.say);
  const digest = new BookDigest(join(server.dataDir, 'server', 'tessera.db'));
  const { chance, findings } = visit;
  try {
    const stage = await setStage(server, chance.fork());
    const http = await HttpFuzz.open({ url: server.url, stage, chance: chance.fork(), findings, digest });
    const kiosk = new KioskFuzz({ stage, chance: chance.fork(), findings, digest });
    await findings.baseline(digest);
    while (visit.next()) {
      if (chance.happens(KIOSK_CHANCE)) await kiosk.ask();
      else await http.ask();
    }
    if (server.deaths() > 0) findings.add('the server died', server.deaths());
    await findings.check(new Books(server.url, server.operator));
    stage.line.cut();
    for (const [status, times] of http.answered) visit.heard(String(status), times);
    for (const [answer, times] of kiosk.answered) visit.heard(answer, times);
  } finally {
    await digest.close();
    await server.close();
  }
}
