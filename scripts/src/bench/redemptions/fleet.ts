import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { noFailpoints } from '@tessera/shared/ports';
import { ok } from '@tessera/shared/result';
import { buildServer, type Server } from '@tessera/server/app';
import { nextTurn, systemChance, systemClock, systemScheduler } from '@tessera/server/platform/clock/system';
import type { Refused, Tx } from '@tessera/server/platform/commands/commands';
import { argon2Hasher } from '@tessera/server/platform/crypto/hasher';
import { silentLog } from '@tessera/server/platform/events/log';
import { mailboxOnly } from '@tessera/server/platform/messaging/mailer';
import { createMetrics } from '@tessera/server/platform/metrics/metrics';

/** What a kiosk asks for when it redeems out of one slot. */
export type BenchSlot = { readonly slot: number; readonly rewardId: string; readonly price: number };
export type BenchMember = { readonly memberId: string; readonly pin: string };

/** A kiosk that is registered and filled, and its device that is not enrolled yet. */
export type BenchInstallation = {
  readonly enrolmentCode: string;
  /** The device's Ed25519 seed, hex. */
  readonly seed: string;
  readonly member: BenchMember;
  readonly slots: readonly BenchSlot[];
};

const SLOTS = 8;
/** More than any run hands out. */
const PLENTY = 1_000_000_000;
/** Of every member of the bench. */
export const PIN = '4711';

/** The server's own folder below a data folder, as `tessera serve` lays it out. */
export function databaseFileOf(dataDir: string): string {
  const directory = join(dataDir, 'server');
  mkdirSync(directory, { recursive: true });
  return join(directory, 'tessera.db');
}

/**
 * A server in this process, durable as in production; nobody listens.
 * @param address of its database: a file below a data folder, or PostgreSQL
 */
export function openServer(address: string): Promise<Server> {
  return buildServer({
    databaseAddress: address,
    clock: systemClock,
    scheduler: systemScheduler,
    chance: systemChance,
    defer: nextTurn,
    failpoints: noFailpoints,
    fatal: (cause) => {
      throw cause;
    },
    hasher: argon2Hasher,
    mailer: mailboxOnly,
    metrics: createMetrics(),
    log: silentLog,
    help: 'bench',
  });
}

/** Runs one command as staff would; throws where it is refused. */
export async function must<T>(server: Server, name: string, work: (tx: Tx) => Promise<Refused<T>>): Promise<T> {
  const done = await server.foundation.commands.run({ name, actor: 'cli', work });
  if (!done.ok) throw new Error(`${name} was refused: ${done.error.code}`);
  return done.value;
}

/** Founds an alliance for the bench: one gift a slot, and for each kiosk a member with points for all of it. */
export async function foundFleet(server: Server, kiosks: number): Promise<BenchInstallation[]> {
  const slots: BenchSlot[] = [];
  for (let slot = 1; slot <= SLOTS; slot += 1) slots.push(await addSlotGift(server, slot));
  const pinHash = await argon2Hasher.hash(PIN);
  const fleet: BenchInstallation[] = [];
  for (let index = 0; index < kiosks; index += 1) {
    const enrolmentCode = await install(server, `Kiosk ${String(index)}`, slots);
    const member = await addMember(server, `Member ${String(index)}`, pinHash);
    fleet.push({ enrolmentCode, seed: randomBytes(32).toString('hex'), member, slots });
  }
  return fleet;
}

/** Adds the gift that stands in a slot of every kiosk. */
export async function addSlotGift(server: Server, slot: number): Promise<BenchSlot> {
  const words = { zh: `礼品${String(slot)}`, en: `Gift ${String(slot)}`, ar: `هدية ${String(slot)}` };
  const price = 100 * slot;
  const reward = await must(server, 'reward.add', (tx) =>
    server.alliance.rewards.add(tx, {
      name: words,
      about: words,
      price,
      validFrom: 0,
      validUntil: null,
      perMemberLimit: null,
      ownerMerchantId: null,
      campaignId: null,
      state: 'active',
    }),
  );
  return { slot, rewardId: reward.rewardId, price };
}

async function addMember(server: Server, name: string, pinHash: string): Promise<BenchMember> {
  const added = await must(server, 'member.add', (tx) =>
    server.alliance.members.add(tx, { name, language: 'en', pinHash, address: undefined }),
  );
  const memberId = added.member_id;
  const lot = { memberId, issuer: null, rule: 'bench', points: PLENTY, expiresAt: null, reason: 'bench' };
  await must(server, 'earn', async (tx) => ok(await server.ledger.earn(tx, lot)));
  return { memberId, pin: PIN };
}

/** Registers a kiosk with full slots; answers its enrolment code. */
async function install(server: Server, name: string, gifts: readonly BenchSlot[]): Promise<string> {
  const { kiosks, stock } = server.fleet;
  const { kioskId, enrolmentCode } = await must(server, 'kiosk.create', async (tx) =>
    ok(await kiosks.create(tx, name)),
  );
  const planogram = gifts.map(({ slot, rewardId }) => ({ slot, rewardId, capacity: PLENTY }));
  await must(server, 'planogram', (tx) => stock.setPlanogram(tx, kioskId, planogram));
  for (const { slot } of gifts) {
    await must(server, 'load', (tx) => stock.load(tx, { kioskId, slot }, PLENTY, 'bench'));
  }
  return enrolmentCode;
}
