import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@tessera/server/platform/database/database';
import { foundFleet, openServer } from '../../bench/redemptions/fleet.ts';
import { brokenBooks, ServerProcess } from '../../bench/redemptions/server-process.ts';
import { Cluster } from '../../harness/postgres/cluster.ts';
import { Crowd, type Told } from './kiosks.ts';

export interface FailoverRun {
  readonly kiosks: number;
  readonly failovers: number;
  /** Load before each kill and after the last. */
  readonly seconds: number;
  readonly dir: string;
  readonly say: (line: string) => void;
}

export interface FailoverResult {
  readonly told: Told;
  /** Acknowledged, and not captured in the books. */
  readonly lost: readonly string[];
  /** Captured, dropped or charged more than once. */
  readonly doubled: readonly string[];
  /** From each kill until the next capture was acknowledged, ms. */
  readonly outagesMs: readonly number[];
  readonly broken: string | undefined;
}

const DATABASE = 'tessera';
const SETTINGS = ['wal_level=replica', 'hot_standby=on'];

/** Kills the primary under load, promotes the standby, makes a standby of what was the primary, and so on. */
export async function runFailovers(run: FailoverRun): Promise<FailoverResult> {
  const { kiosks, failovers, seconds, say } = run;
  const dataDir = mkdtempSync(join(run.dir, 'tessera-failover-'));
  const closers: (() => Promise<void>)[] = [];
  try {
    say('Preparing a primary and its synchronous standby');
    let primary = await Cluster.make(SETTINGS, run.dir);
    closers.push(() => primary.close());
    await primary.call('createdb', DATABASE);
    const founder = await openServer(primary.address(DATABASE));
    const fleet = await foundFleet(founder, kiosks);
    await founder.close();
    let standby = await Cluster.standbyOf(primary, SETTINGS);
    closers.push(() => standby.close());
    await primary.waitForStandby();

    const addresses = [primary, standby].map((each) => each.address(DATABASE)).join(',');
    const server = await ServerProcess.start(dataDir, addresses, []);
    closers.push(() => server.stop());
    const crowd = await Crowd.arrive(server.url, fleet);
    crowd.start();
    const killedAt: number[] = [];
    for (let round = 1; round <= failovers; round += 1) {
      await sleep(seconds * 1000);
      killedAt.push(performance.now());
      await primary.crash();
      await standby.promote();
      say(`Failover ${String(round)}: the standby took over, ${String(crowd.told.captured.size)} captures told so far`);
      [primary, standby] = [standby, primary];
      await nextCapture(crowd.told, killedAt.at(-1) ?? 0);
      say('Captures go on; making a standby of what was the primary');
      await standby.becomeStandbyOf(primary);
      await primary.waitForStandby();
    }
    await sleep(seconds * 1000);
    await crowd.stop();
    await server.idle();
    say('Comparing what kiosks were told with the books');
    const address = primary.address(DATABASE);
    const outagesMs = killedAt.map((at) => (crowd.told.at.find((each) => each > at) ?? Infinity) - at);
    const found = await compare(address, crowd.told);
    return { told: crowd.told, ...found, outagesMs, broken: brokenBooks(dataDir, address) };
  } finally {
    for (const close of closers.reverse()) await close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** How long a takeover may take before the run is given up. */
const GIVE_UP_MS = 120_000;
const LOOK_EVERY_MS = 20;

async function nextCapture(told: Told, after: number): Promise<void> {
  while ((told.at.at(-1) ?? 0) <= after) {
    if (performance.now() - after > GIVE_UP_MS) throw new Error('Nothing was redeemed for two minutes.');
    await sleep(LOOK_EVERY_MS);
  }
}

async function compare(address: string, told: Told): Promise<Pick<FailoverResult, 'lost' | 'doubled'>> {
  const database = openDatabase(address, { readonly: true });
  const { db } = database;
  try {
    const captured = await db
      .selectFrom('redemptions')
      .select('redemption_id')
      .where('state', '=', 'captured')
      .execute();
    const known = new Set(captured.map((row) => row.redemption_id));
    const drops = await db
      .selectFrom('stock_movements')
      .select('redemption_id')
      .where('kind', '=', 'drop')
      .groupBy('redemption_id')
      .having((eb) => eb.fn.countAll(), '>', 1)
      .execute();
    const charges = await db
      .selectFrom('point_transactions')
      .select('hold_id')
      .where('kind', '=', 'capture')
      .groupBy('hold_id')
      .having((eb) => eb.fn.countAll(), '>', 1)
      .execute();
    return {
      lost: [...told.captured].filter((id) => !known.has(id)),
      doubled: [...drops.map((row) => row.redemption_id), ...charges.map((row) => row.hold_id)].map(
        (id) => id ?? 'unknown',
      ),
    };
  } finally {
    await database.close();
  }
}
