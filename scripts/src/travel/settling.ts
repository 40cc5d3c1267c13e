import * as z from 'zod';
import { Broken, anything } from './desk.ts';
import { DAY_MS, dateOf, HOUR_MS } from './places.ts';
import { agree, type Shop, type World } from './world.ts';

const net = z.looseObject({
  party: z.string(),
  currency: z.string(),
  state: z.string(),
  lines: z.number(),
  payableMinor: z.number(),
  paidMinor: z.number(),
});
const run = z.looseObject({ runId: z.string(), state: z.string() });
const runWithNets = run.extend({ nets: z.array(net) });
type Net = z.output<typeof net>;

/** Who does not pay is given so long. */
const PATIENCE_DAYS = 40;

const runOf = (world: World, runId: string) =>
  world.desk.get(world.operator, `/v1/settlement-runs/${runId}`, runWithNets);

/** A month's settlement, from the opening to the posting: by two people, with a dispute now and then. */
export async function settleMonth(world: World, monthStart: number): Promise<string> {
  const { desk, operator, chance, tally, time, errands } = world;
  const { runId } = await desk.must(operator, '/v1/settlement-runs', run);
  const path = `/v1/settlement-runs/${runId}`;
  await desk.must(operator, `${path}/cutoff`, run, { until: monthStart });
  await errands.runDue(time.nowMs());
  if (chance.happens(0.6) && (await dispute(world, 'in this run'))) {
    await errands.runDue(time.nowMs());
    tally.count('run.recalculated', time.nowMs(), runId);
  }
  const { state } = await runOf(world, runId);
  if (state !== 'calculated')
    throw new Broken(`The run of ${dateOf(monthStart)} is ${state} and should be calculated.`);
  await desk.must(await world.second(), `${path}/approval`, run);
  await desk.must(operator, `${path}/posting`, run);
  tally.count('run.posted', time.nowMs(), runId);
  if (chance.happens(0.4)) await dispute(world, 'of an earlier run');
  for (const each of (await runOf(world, runId)).nets) if (each.state === 'open') planPayment(world, runId, each);
  return runId;
}

/** Somebody pays within three weeks, often in two parts; whoever is late does not pay at all. */
function planPayment(world: World, runId: string, open: Net): void {
  const { chance, later, time } = world;
  const shop = world.shops.find((each) => each.merchantId === open.party);
  const after = (days: number): number => time.nowMs() + days * DAY_MS + chance.integer(8) * HOUR_MS;
  if (shop?.state === 'late' && open.payableMinor < 0) {
    later.push({ at: after(PATIENCE_DAYS), run: () => writeOff(world, shop, runId, open) });
    return;
  }
  const left = open.payableMinor - open.paidMinor;
  const part = chance.happens(0.3) ? Math.trunc(left / 3) : 0;
  const parts = part === 0 ? [left] : [part, left - part];
  for (const [index, amountMinor] of parts.entries()) {
    const book = async (): Promise<void> => {
      const { party, currency } = open;
      const body = { party, currency, amountMinor, reference: world.newReference('bank') };
      await world.desk.must(world.operator, `/v1/settlement-runs/${runId}/payments`, anything, body);
      world.tally.count(index + 1 < parts.length ? 'paid.part' : 'paid.whole', time.nowMs(), String(amountMinor));
    };
    later.push({ at: after(2 + 9 * index + chance.integer(8)), run: book });
  }
}

/** What will not be paid any more is the alliance's loss, and the merchant issues no more. */
async function writeOff(world: World, shop: Shop, runId: string, open: Net): Promise<void> {
  const { party, currency } = open;
  await agree(world, { action: 'default', runId, party, currency });
  world.tally.count('default', world.time.nowMs(), party);
  if (shop.state === 'late') await leave(world, shop);
}

/** A merchant ends its contract: what it has not paid for is paid for now, what was kept back goes back. */
export async function leave(world: World, shop: Shop): Promise<void> {
  const { desk, operator, tally, time } = world;
  await desk.must(operator, `/v1/merchants/${shop.merchantId}/state`, anything, { state: 'left' });
  shop.state = 'left';
  await agree(world, { action: 'wind_down', party: shop.merchantId });
  tally.count('wind_down', time.nowMs(), shop.merchantId);
}

/** A merchant disputes a line; two people decide within six weeks. False where there is none to dispute. */
async function dispute(world: World, which: 'in this run' | 'of an earlier run'): Promise<boolean> {
  const { chance, desk, later, operator, server, tally, time } = world;
  const { db } = server.foundation.database;
  const underway = await db
    .selectFrom('settlement_runs')
    .select(['from_posting', 'to_posting'])
    .orderBy('number', 'desc')
    .executeTakeFirst();
  const lines = await db
    .selectFrom('money_postings')
    .select(['posting_id', 'party'])
    .where('account', '=', 'merchant:clearing')
    .where('kind', 'in', ['issue', 'burn', 'fee'])
    .where('amount', '<>', 0)
    .where('posting_id', which === 'in this run' ? '>' : '<=', underway?.from_posting ?? 0)
    .where('posting_id', '<=', underway?.to_posting ?? 0)
    .where('posting_id', 'not in', (eb) => eb.selectFrom('money_disputes').select('posting_id'))
    .where('party', 'not in', [
      'operator',
      ...world.shops.filter((each) => each.state !== 'open').map((each) => each.merchantId),
    ])
    .orderBy('posting_id', 'desc')
    .limit(200)
    .execute();
  if (lines.length === 0) return false;
  const { posting_id: postingId, party } = chance.pick(lines);
  const till = world.shops.find((each) => each.merchantId === party)?.till ?? operator;
  const opened = z.looseObject({ disputeId: z.string() });
  const { disputeId } = await desk.must(till, '/v1/money-disputes', opened, { postingId, reason: 'not ours' });
  const verdict = chance.happens(0.5) ? 'upheld' : 'rejected';
  const decide = async (): Promise<void> => {
    await agree(world, { action: 'resolve_dispute', disputeId, verdict });
    tally.count(`dispute.${verdict}`, time.nowMs(), disputeId);
  };
  later.push({ at: time.nowMs() + (3 + chance.integer(40)) * DAY_MS, run: decide });
  return true;
}

const verified = z.looseObject({ linesHold: z.boolean(), signatureHolds: z.boolean() });

/** Statements of months ago are the same bytes as they were, and their seals hold. */
export class Statements {
  readonly #seen = new Map<string, string>();

  /** Reads the statements of a run for later, and one of an earlier run again. */
  async compare(world: World, runId: string): Promise<void> {
    const { desk, operator, chance, tally } = world;
    const seen = [...this.#seen];
    if (seen.length > 0) {
      const [path, text] = chance.pick(seen);
      if ((await desk.text(operator, path)) !== text) throw new Broken(`The statement ${path} has changed.`);
      const seal = await desk.get(
        operator,
        path.replace('/statements/', '/verifications/').replace(/\/json$/, ''),
        verified,
      );
      if (!seal.linesHold || !seal.signatureHolds) throw new Broken(`The seal of ${path} is broken.`);
      tally.add('statement.compared', 1);
    }
    const nets = (await runOf(world, runId)).nets.filter((each) => each.lines > 0);
    if (nets.length === 0) return;
    const { party, currency } = chance.pick(nets);
    const path = `/v1/settlement-runs/${runId}/statements/${party}/${currency}/json`;
    this.#seen.set(path, await desk.text(operator, path));
  }
}
