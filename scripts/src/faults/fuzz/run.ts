import { join } from 'node:path';
import { Books } from '../../harness/books.ts';
import { startServerAlone, type ServerAlone } from '../../harness/server-alone.ts';
import { SeededChance } from '../../simulate/seeded-chance.ts';
import { BookDigest } from './digest.ts';
import { Findings } from './findings.ts';
import { HttpFuzz } from './http-fuzz.ts';
import { KioskFuzz } from './kiosk-fuzz.ts';
import { setStage } from './stage.ts';

export type FuzzOptions = {
  readonly seed: number;
  /** The run ends at whichever comes first. */
  readonly minutes: number;
  readonly messages: number;
  readonly say: (line: string) => void;
};

export type FuzzResult = {
  readonly findings: readonly string[];
  readonly http: Readonly<Record<string, number>>;
  readonly kiosk: Readonly<Record<string, number>>;
  readonly messages: number;
};

const REPORT_EVERY = 500;
const KIOSK_CHANCE = 0.45;

/** Speaks at the doors of a real server, with messages from its own schemas and broken ones, and judges each answer. */
export async function fuzzServer(options: FuzzOptions): Promise<FuzzResult> {
  const server = await startServerAlone(options.say);
  const digest = new BookDigest(join(server.dataDir, 'server', 'tessera.db'));
  try {
    return await speak(options, server, digest);
  } finally {
    await digest.close();
    await server.close();
  }
}

async function speak(
  { seed, minutes, messages, say }: FuzzOptions,
  server: ServerAlone,
  digest: BookDigest,
): Promise<FuzzResult> {
  const chance = new SeededChance(seed);
  const stage = await setStage(server, chance.fork());
  const findings = new Findings();
  const http = await HttpFuzz.open({ url: server.url, stage, chance: chance.fork(), findings, digest });
  const kiosk = new KioskFuzz({ stage, chance: chance.fork(), findings, digest });
  await findings.baseline(digest);
  const end = performance.now() + minutes * 60_000;
  let spoken = 0;
  while (spoken < messages && performance.now() < end) {
    if (chance.happens(KIOSK_CHANCE)) await kiosk.ask();
    else await http.ask();
    spoken += 1;
    if (spoken % REPORT_EVERY === 0) say(`${String(spoken)} messages, ${String(findings.found.length)} findings`);
  }
  if (server.deaths() > 0) findings.add('the server died', server.deaths());
  const { checks } = await new Books(server.url, server.operator).check();
  for (const { name, ok, rows } of checks) if (ok === false) findings.add(`check ${name}`, rows);
  stage.line.cut();
  return {
    findings: findings.found,
    http: Object.fromEntries([...http.answered].map(([status, times]) => [String(status), times])),
    kiosk: Object.fromEntries(kiosk.answered),
    messages: spoken,
  };
}
