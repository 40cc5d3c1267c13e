import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { isSettled } from '../faults/crash/verdict.ts';
import type { World } from '../harness/world.ts';
import { waitFor } from '../start/health.ts';
import { round } from './staff.ts';
import { verdictOf, type Verdict } from './verdict.ts';

const SETTLE_MS = 180_000;

/** Whether the kiosk is in service, the server has all its reports, and no redemption is under way. */
async function isQuiet({ thumb, books, layout }: World): Promise<boolean> {
  const { snapshot } = thumb;
  if (snapshot?.online !== true || !['attract', 'out_of_service'].includes(snapshot.screen.name)) return false;
  const metrics = await fetch(`${layout.urls.kiosk}/metrics`).then((response) => response.text());
  return /^tessera_kiosk_outbox_reports 0$/m.test(metrics) && isSettled(await books.redemptions());
}

/** Mends everything, waits until nothing moves any more, and has staff count every slot and end every doubt. */
export async function settle(world: World, say: (line: string) => void): Promise<void> {
  await world.cabinet.mend();
  await world.cabinet.takeGift();
  const quiet = (): Promise<boolean> => isQuiet(world).catch(() => false);
  const settled = await waitFor('everything to settle', quiet, { withinMs: SETTLE_MS, say });
  if (!settled.ok) throw new Error(settled.error);
  await round(world, { countAll: true });
}

/** Compares the books with what physically happened. */
export async function judge({ books, cabinet, kiosk }: World): Promise<Verdict & { discrepancies: number }> {
  const { slots, drops } = await cabinet.state();
  const rows = await books.slots(kiosk.id);
  const verdict = verdictOf({
    redemptions: await books.redemptions(),
    movements: await books.movements(kiosk.id),
    drops,
    pulses: slots.reduce((sum, { pulses }) => sum + pulses, 0),
    slots: slots.map(({ slot, goods }) => ({
      slot,
      goods,
      onHand: rows.find((row) => row.slot === slot)?.onHand ?? 0,
    })),
  });
  return { ...verdict, discrepancies: await books.discrepancies() };
}

/** Runs `tessera check` on the books beside the server, as an operator does; what it said where it ended with anything but 0. */
export function tesseraCheck({ layout, dataDir }: World): Promise<string | undefined> {
  const args = [join(layout.root, 'server/dist/main.js'), 'check', '--data', dataDir];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) => resolve(error ? `${stdout}${stderr}` : undefined));
  });
}
