import type { Snapshot } from '@tessera/shared/protocol/ui';
import type { KioskHost } from './kiosk-host.ts';
import type { SeededChance } from './seeded-chance.ts';
import type { SimulatedMember } from './seed-alliance.ts';
import type { ServerHost } from './server-host.ts';
import type { VirtualTime } from './virtual-time.ts';

export type WebOrderDependencies = {
  readonly time: VirtualTime;
  readonly chance: SeededChance;
  readonly host: ServerHost;
  readonly rewards: readonly string[];
  readonly trace: (text: string) => void;
  /** Called when an order is placed: it is a redemption like any other. */
  readonly onOrder: () => void;
};

const MINUTE_MS = 60_000;
const VALID_MS = 30 * MINUTE_MS;
const TRIES = 4;

/** Orders on the web, sometimes cancels, and shows the code at the kiosk, network or not; a greedy few show it again. */
export async function orderAndCollect(
  member: SimulatedMember,
  kiosk: KioskHost,
  deps: WebOrderDependencies,
): Promise<void> {
  const { time, chance, host } = deps;
  const { pickups } = host.server?.mainJob ?? {};
  if (!pickups) return;
  const rewardId = chance.pick(deps.rewards);
  const expiresAt = Math.floor(time.nowMs) + VALID_MS;
  const order = { memberId: member.memberId, kioskId: kiosk.kioskId, rewardId, expiresAt };
  const placed = await host.command('pickup.order', (tx) => pickups.order(tx, order));
  if (!placed?.ok) return;
  deps.onOrder();
  const { code, redemption_id: redemptionId } = placed.value.pickup;
  deps.trace(`order ${redemptionId}`);
  await time.sleep(chance.integer(MINUTE_MS));
  if (chance.happens(0.15)) await host.command('pickup.cancel', (tx) => pickups.cancel(tx, redemptionId));
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (chance.happens(0.05)) void cancelMeanwhile(redemptionId, deps);
    const collected = await showCode(kiosk, code, deps);
    if (collected && !chance.happens(0.2)) return;
    await time.sleep(chance.integer(MINUTE_MS));
  }
}

/** Somebody cancels the order at home while it is being collected. */
async function cancelMeanwhile(redemptionId: string, { time, chance, host }: WebOrderDependencies): Promise<void> {
  await time.sleep(chance.integer(4_000));
  const { pickups } = host.server?.mainJob ?? {};
  if (pickups) await host.command('pickup.cancel', (tx) => pickups.cancel(tx, redemptionId));
}

/** Shows the code and waits for what comes; true where a gift came. */
async function showCode(kiosk: KioskHost, code: string, { time, chance }: WebOrderDependencies): Promise<boolean> {
  const free = snapshotOf(kiosk)?.screen.name;
  if (free !== 'attract' && free !== 'out_of_service') return false;
  kiosk.scanner.read(code);
  for (let looks = 0; looks < 40; looks += 1) {
    await time.sleep(500 + chance.integer(500));
    const snapshot = snapshotOf(kiosk);
    const name = snapshot?.screen.name;
    if (name === 'take') {
      kiosk.cabinet.pickUp();
      end(kiosk, snapshotOf(kiosk));
      return true;
    }
    if (name === 'failed' || name === 'in_doubt') end(kiosk, snapshot);
    if (name !== 'dispensing' && name !== 'checking') return false;
  }
  return false;
}

const snapshotOf = (kiosk: KioskHost): Snapshot | undefined => kiosk.daemon?.controller.snapshot;

function end(kiosk: KioskHost, snapshot: Snapshot | undefined): void {
  if (!snapshot) return;
  const { epoch, version } = snapshot;
  void kiosk.daemon?.controller.intent({ epoch, version, intent: { type: 'end' } });
}
