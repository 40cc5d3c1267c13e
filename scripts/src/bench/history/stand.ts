import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Caller } from '../caller.ts';
import { connect, enrol } from '../redemptions/connect.ts';
import { foundFleet, openServer, PIN, type BenchInstallation } from '../redemptions/fleet.ts';
import type { BenchKiosk } from '../redemptions/kiosk.ts';
import { ServerProcess } from '../redemptions/server-process.ts';
import { bookHistory, transactionIdOf, type BenchMembers } from './books.ts';

/** What members ask: each a question whose answer is read to its end. */
export type ReadName = 'balance' | 'history' | 'deep_history';

/** A step that shares no factor with the number of members, so that each has a turn and neighbours lie far apart. */
const STEP = 7919;
/** The deep page ends with the oldest sale. */
const DEEP_PAGE = 50;

/** The books of one size: where they are, and whose. */
export type SizedBooks = {
  readonly address: string;
  readonly dataDir: string;
  readonly members: BenchMembers;
};

/** Fills empty books: members with their history, and a kiosk that is not enrolled yet. */
export async function fill({ address, members }: SizedBooks, say: (text: string) => void): Promise<BenchInstallation> {
  const server = await openServer(address);
  try {
    await bookHistory(server.foundation.database.db, members, say);
    const [kiosk] = await foundFleet(server, 1);
    if (!kiosk) throw new Error('The bench has a kiosk.');
    return kiosk;
  } finally {
    await server.close();
  }
}

/** A server on the books of one size, and whoever asks it. */
export class Stand {
  readonly #server: ServerProcess;
  readonly #caller: Caller;
  readonly #token: string;
  readonly #members: BenchMembers;
  #turn = 0;

  private constructor(server: ServerProcess, token: string, members: BenchMembers) {
    this.#server = server;
    this.#caller = new Caller(server.url, 1);
    this.#token = token;
    this.#members = members;
  }

  static async open({ dataDir, address, members }: SizedBooks): Promise<Stand> {
    const server = await ServerProcess.start(dataDir, address, []);
    const token = readFileSync(join(dataDir, 'server', 'operator.token'), 'utf8').trim();
    return new Stand(server, token, members);
  }

  /** Enrols the kiosk that waits in the books. */
  async kiosk(installation: BenchInstallation): Promise<BenchKiosk> {
    const { url } = this.#server;
    return connect(url, await enrol(url, installation, 0), installation);
  }

  /** Asks for another member; answers how long that took, in ms. */
  async read(name: ReadName): Promise<number> {
    const path = this.#pathOf(name);
    const started = performance.now();
    const text = await this.#caller.get(path, this.#token);
    const took = performance.now() - started;
    assertWhole(name, text);
    return took;
  }

  /** Lets another member redeem; answers how long authorise and outcome took, in ms. Signing in, and its PIN, is not counted. */
  async redeem(kiosk: BenchKiosk): Promise<number> {
    await kiosk.signIn({ memberId: this.#next(this.#members.all), pin: PIN });
    const { authorise, outcome } = await kiosk.redeem();
    return authorise + outcome;
  }

  /** Waits until all messages have been delivered. */
  idle(): Promise<void> {
    return this.#server.idle();
  }

  async close(): Promise<void> {
    this.#caller.close();
    await this.#server.stop();
  }

  #next(members: readonly string[]): string {
    this.#turn += 1;
    return members[(this.#turn * STEP) % members.length] ?? '';
  }

  #pathOf(name: ReadName): string {
    if (name === 'deep_history') {
      const memberId = this.#next(this.#members.regulars);
      const cursor = Buffer.from(transactionIdOf(memberId, DEEP_PAGE + 1)).toString('base64url');
      return `/v1/members/${memberId}/history?cursor=${cursor}&limit=${String(DEEP_PAGE)}`;
    }
    return `/v1/members/${this.#next(this.#members.all)}/${name}`;
  }
}

/** An answer that is short would be quick. */
function assertWhole(name: ReadName, text: string): void {
  const { available, items } = JSON.parse(text) as { available?: number; items?: readonly unknown[] };
  const least = { balance: 1, history: 5, deep_history: DEEP_PAGE }[name];
  if ((available ?? items?.length ?? 0) < least) throw new Error(`${name} answered too little: ${text.slice(0, 300)}`);
}
