import { buildServer, type Server } from '@tessera/server/app';
import type { KioskConnection, KioskPeer } from '@tessera/server/features/link/index';
import type { Tx } from '@tessera/server/platform/commands/commands';
import { silentLog } from '@tessera/server/platform/events/log';
import { mailboxOnly } from '@tessera/server/platform/messaging/mailer';
import { silentMetrics } from '@tessera/server/platform/metrics/metrics';
import type { Timeouts } from '@tessera/server/platform/timeouts';
import {
  noFailpoints,
  type Cancel,
  type Chance,
  type Clock,
  type Failpoints,
  type Scheduler,
} from '@tessera/shared/ports';
import type { Problem } from '@tessera/shared/problem';
import type { Challenge } from '@tessera/shared/protocol/kiosk';
import type { Result } from '@tessera/shared/result';
import { ok } from '@tessera/shared/result';
import { expect } from 'chai';
import { FakeKiosk, type Wire } from './kiosk.ts';
import { freshDatabase } from './engine.ts';
import { inAll } from './people.ts';
import { settled } from './quiet.ts';
import { plainHasher } from './server.ts';

/** A clock with its timers: nothing happens until time is made to pass. */
export class VirtualTime implements Clock, Scheduler {
  #nowMs = Date.UTC(2026, 0, 1, 12);
  #timers: { at: number; run: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Cancel {
    const timer = { at: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Lets time pass; each timer runs at its time, and what it starts has settled before the next. */
  async pass(ms: number): Promise<void> {
    const until = this.#nowMs + ms;
    for (;;) {
      const next = this.#timers.filter((each) => each.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#nowMs = Math.max(this.#nowMs, next.at);
      next.run();
      await settled();
    }
    this.#nowMs = until;
    await settled();
  }
}

/** A generator of bytes that depends on its seed alone (xorshift32). */
export function seededChance(seed: number): Chance {
  let state = seed * 2_654_435_761 + 1 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
  return { bytes: (count) => Uint8Array.from({ length: count }, next) };
}

/** A server in memory with one kiosk of three slots, one gift of 300 points, and a member with points and PIN 2468. */
export interface Machine {
  readonly server: Server;
  readonly time: VirtualTime;
  readonly kiosk: FakeKiosk;
  readonly memberId: string;
  readonly rewardId: string;
  /** What the server pushed to the kiosk's newest connection, in order. */
  readonly pushes: { name: string; payload: unknown }[];
  /** Opens a connection; the peer allows to cut it. */
  connect(): Wire & { peer: KioskPeer; closed: () => boolean };
  /** Runs a command as a staff member. */
  readonly staff: <T>(who: string, work: (tx: Tx) => Promise<Result<T, Problem>>) => Promise<Result<T, Problem>>;
  balances(): Promise<{ available: number; held: number; debt: number }>;
  slot(slot: number): Promise<{ onHand: number; reserved: number; inDoubt: number; inService: boolean }>;
  state(redemptionId: string): Promise<string | undefined>;
  close(): Promise<void>;
}

export const PRICE = 300;
export const SLOTS = 3;

interface MachineOptions {
  readonly seed?: number;
  readonly points?: number;
  readonly units?: number;
  readonly limit?: number | null;
  readonly timeouts?: Partial<Timeouts>;
  readonly failpoints?: Failpoints;
}

const must = <T>(result: Result<T, Problem>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

export async function openMachine(options: MachineOptions = {}): Promise<Machine> {
  const time = new VirtualTime();
  const chance = seededChance(options.seed ?? 1);
  const database = await freshDatabase('memory');
  const server = await buildServer({
    databaseAddress: database.address,
    clock: time,
    scheduler: time,
    chance,
    failpoints: options.failpoints ?? noFailpoints,
    defer: queueMicrotask,
    fatal: (cause) => {
      throw new Error('fatal', { cause });
    },
    hasher: plainHasher,
    mailer: mailboxOnly,
    metrics: silentMetrics,
    log: silentLog,
    help: 'Ask at the counter.',
    ...(options.timeouts ? { timeouts: options.timeouts } : {}),
  });
  const staff: Machine['staff'] = (who, work) =>
    server.foundation.commands.run({ name: 'test', actor: `admin:${who}`, work });
  const { memberId, rewardId, kioskId, publicKeyOf } = await furnish(server, staff, options);
  const kiosk = new FakeKiosk(time, chance);
  kiosk.kioskId = kioskId;
  await publicKeyOf(kiosk.publicKey);
  const pushes: Machine['pushes'] = [];
  server.start();
  const { db } = server.foundation.database;
  const machine: Machine = {
    server,
    time,
    kiosk,
    memberId,
    rewardId,
    pushes,
    connect: () => connect(server, pushes),
    staff,
    balances: () => server.ledger.balancesOf(db, memberId),
    slot: async (slot) => {
      const row = await server.fleet.stock.slot(db, { kioskId, slot });
      if (!row) throw new Error('no such slot');
      return { onHand: row.on_hand, reserved: row.reserved, inDoubt: row.in_doubt, inService: row.in_service === 1 };
    },
    state: async (redemptionId) => (await server.mainJob.redemptions.find(db, redemptionId))?.state,
    close: async () => {
      server.disconnect();
      await server.close();
      await database.remove();
    },
  };
  const greeted = await kiosk.hello(machine.connect());
  expect(greeted.ok).to.equal(true);
  return machine;
}

async function furnish(server: Server, staff: Machine['staff'], options: MachineOptions) {
  const { members, rewards } = server.alliance;
  const { kiosks, stock } = server.fleet;
  const memberId = must(
    await staff('a', (tx) =>
      members.add(tx, {
        name: 'Wei Chen',
        language: 'zh',
        pinHash: null,
        address: { kind: 'email', value: 'wei@example.org' },
      }),
    ),
  ).member_id;
  const pinHash = await plainHasher.hash('2468');
  must(await staff('a', (tx) => members.setPin(tx, memberId, pinHash)));
  const rewardId = must(
    await staff('a', (tx) =>
      rewards.add(tx, {
        name: inAll('Tea'),
        about: inAll('A tin of tea'),
        price: PRICE,
        validFrom: 0,
        validUntil: null,
        perMemberLimit: options.limit ?? null,
        ownerMerchantId: null,
        campaignId: null,
        state: 'active',
      }),
    ),
  ).rewardId;
  const code = must(
    await staff('a', async (tx) => {
      const made = await kiosks.create(tx, 'Station');
      await stock.addSlots(tx, made.kioskId, SLOTS);
      return ok(made);
    }),
  );
  const { kioskId } = code;
  const units = options.units ?? 5;
  const slots = Array.from({ length: SLOTS }, (_, index) => ({ slot: index + 1, rewardId, capacity: 10 }));
  must(await staff('a', (tx) => stock.setPlanogram(tx, kioskId, slots)));
  for (const { slot } of slots) must(await staff('a', (tx) => stock.load(tx, { kioskId, slot }, units, 'refill')));
  const points = options.points ?? 3000;
  const lot = { memberId, issuer: null, rule: 'welcome', expiresAt: null, reason: 'welcome' };
  must(await staff('a', async (tx) => ok(await server.ledger.earn(tx, { ...lot, points }))));
  const publicKeyOf = async (publicKey: string): Promise<void> => {
    must(await staff('a', (tx) => kiosks.enrol(tx, code.enrolmentCode, publicKey)));
  };
  return { memberId, rewardId, kioskId, publicKeyOf };
}

function connect(server: Server, pushes: Machine['pushes']): ReturnType<Machine['connect']> {
  let challenge: Challenge | undefined;
  let closed = false;
  const connection: KioskConnection = {
    push: (name, payload) => {
      if (name === 'challenge') challenge = payload as Challenge;
      else pushes.push({ name, payload });
    },
    close: () => {
      closed = true;
    },
  };
  const peer = server.mainJob.gateway.connect(connection);
  if (!challenge) throw new Error('no challenge was sent');
  return { challenge, peer, closed: () => closed, send: (event, payload) => peer.receive(event, payload) };
}
