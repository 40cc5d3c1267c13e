import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { readFlags, wholeFlag } from '../../report/flags.ts';
import { compared, finish } from '../../report/report.ts';
import { openBrowser } from '../../harness/browser.ts';
import { startWorld, type World } from '../../harness/world.ts';
import { enrich } from '../../harness/enrich.ts';
import { signIn } from '../../harness/errand.ts';
import { startBare } from '../start-bare.ts';
import { percentile } from '../statistics.ts';
import { openBare, openKiosk, tapConfirm } from './pages.ts';
import { measureFsyncs } from './fsyncs.ts';

const HELP = `npm run bench:tap-to-relay -- [--redemptions N] [--json]

From the confirm tap in a real browser to the motor's line driven, over N redemptions (200) with real processes.
Whoever taps has looked at the gift for 400 ms: the screen is drawn by then, and the drop sensor proved.
Yardstick, in the same run: a bare socket.io acknowledgement from a page through a bare daemon to a bare server and back,
plus the synced writes on the path (three journal records, one COMMIT) on the same disk. At most 1.5 times that.

Figures: tap_to_relay_p50, tap_to_relay_p99, bare_ack_p50, bare_ack_p99, fsyncs_p50, fsyncs_p99.
`;

const TARGET = 1.5;
const GOODS = 5;
/** Redemptions before the first that counts, as many as the yardstick's questions: programs that have just started are cold. */
const WARM_UP = 10;

const { values: flags } = readFlags({
  options: {
    redemptions: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** One sample of the yardstick, in ms. */
type Yardstick = { readonly ack: number; readonly fsyncs: number };

/** The bare path, ready to be measured between one redemption and the next: what is compared is taken in the same minute. */
async function openYardstick(
  browser: Browser,
  folder: string,
): Promise<{ measure(): Promise<Yardstick>; close(): void }> {
  const server = await startBare('server');
  const daemon = await startBare('daemon', server.url);
  const ask = await openBare(browser, daemon.url);
  return {
    measure: async () => ({ ack: await ask(), fsyncs: await measureFsyncs(folder) }),
    close() {
      daemon.child.kill();
      server.child.kill();
    },
  };
}

/** Keeps the slot of the measured gift full, in the cabinet and in the books. */
async function refill({ books, cabinet, kiosk }: World, rewardId: string): Promise<void> {
  const { slots } = await cabinet.state();
  for (const row of await books.slots(kiosk.id)) {
    const goods = slots.find(({ slot }) => slot === row.slot)?.goods ?? 0;
    if (row.rewardId !== rewardId || goods >= 2) continue;
    await cabinet.fill(row.slot, goods + GOODS);
    await books.load(kiosk.id, row.slot, GOODS);
  }
}

type Tap = Yardstick & { readonly tappedAt: number; readonly relayAt: number };

const drivenSince = async (url: string, after: number): Promise<number> => {
  const response = await fetch(`${url}/state`);
  const { driven } = (await response.json()) as { driven: readonly { onAtMs: number }[] };
  const found = driven.find(({ onAtMs }) => onAtMs >= Math.floor(after));
  if (!found) throw new Error('The motor was not driven after the tap.');
  return found.onAtMs;
};

async function measureTaps(world: World, browser: Browser, redemptions: number): Promise<Tap[]> {
  const { thumb, cabinet, layout } = world;
  const { page, tappedAt } = await openKiosk(browser, layout.urls.kiosk);
  const yardstick = await openYardstick(browser, world.dataDir);
  const member = await enrich(world, (redemptions + WARM_UP) * 500);
  const taps: Tap[] = [];
  for (let served = 0; taps.length < redemptions;) {
    const name = await thumb.until((snapshot) => {
      const shown = snapshot?.screen.name;
      return shown === 'attract' || shown === 'choose' ? shown : undefined;
    }, 'attract or choose');
    if (name === 'attract') await signIn(thumb, member);
    const { offers } = await thumb.screen('choose');
    const offer = offers.filter(({ state }) => state === 'available').sort((a, b) => a.price - b.price)[0];
    if (!offer) throw new Error('No gift can be had.');
    await refill(world, offer.rewardId);
    await thumb.tap({ type: 'choose', rewardId: offer.rewardId });
    await tapConfirm(page);
    const end = await thumb.until((snapshot) => {
      const shown = snapshot?.screen;
      return shown?.name === 'take' || shown?.name === 'failed' ? shown : undefined;
    }, 'an end');
    if (end.name === 'failed') {
      say(`Not handed out (${end.code}): not counted`);
      await thumb.tap({ type: 'end' });
      continue;
    }
    const at = await tappedAt();
    served += 1;
    if (served > WARM_UP)
      taps.push({ tappedAt: at, relayAt: await drivenSince(layout.urls.cabinet, at), ...(await yardstick.measure()) });
    if (taps.length > 0 && taps.length % 20 === 0) say(`${String(taps.length)} of ${String(redemptions)} redemptions`);
    await cabinet.takeGift();
    await thumb.until(
      (snapshot) => (snapshot?.screen.name === 'take' && !snapshot.screen.another ? undefined : true),
      'an empty tray',
    );
    await thumb.tap({ type: 'another' });
  }
  yardstick.close();
  return taps;
}

async function run(redemptions: number): Promise<void> {
  const browser = await openBrowser();
  const world = await startWorld(say, 'direct');
  try {
    const taps = await measureTaps(world, browser, redemptions);
    const times = taps.map(({ tappedAt, relayAt }) => relayAt - tappedAt);
    const acks = taps.map(({ ack }) => ack);
    const fsyncs = taps.map((tap) => tap.fsyncs);
    const yardstick = taps.map((tap) => tap.ack + tap.fsyncs);
    const against = (share: number) => compared(percentile(times, share), 'ms', percentile(yardstick, share), TARGET);
    const plain = (samples: readonly number[], share: number) => ({ value: percentile(samples, share), unit: 'ms' });
    const figures = {
      tap_to_relay_p50: against(0.5),
      tap_to_relay_p99: against(0.99),
      bare_ack_p50: plain(acks, 0.5),
      bare_ack_p99: plain(acks, 0.99),
      fsyncs_p50: plain(fsyncs, 0.5),
      fsyncs_p99: plain(fsyncs, 0.99),
    };
    const samples = join(tmpdir(), 'tessera-reports', 'bench-tap-to-relay.json');
    finish({ name: 'bench:tap-to-relay', figures, samples }, taps, flags.json);
  } finally {
    await browser.close();
    await world.close();
  }
}

if (flags.help) process.stdout.write(HELP);
else await run(wholeFlag('redemptions', flags.redemptions));
