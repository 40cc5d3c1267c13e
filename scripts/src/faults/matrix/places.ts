import type { SlotFault } from '@tessera/hardware/cabinet/faults';
import { deviceTimeouts } from '@tessera/hardware/devices/timeouts';
import { momentOf, type Moment } from '../../harness/moment.ts';
import { SLOTS } from '../../simulate/kiosk-host.ts';
import type { Stage } from './stage.ts';

/** Every screen, and every phase of the one that shows a vend. */
export const places = [
  'attract',
  'identify',
  'enter_number',
  'enter_pin',
  'checking',
  'choose',
  'confirm',
  'authorising',
  'preparing',
  'turning',
  'watching',
  'settling',
  'take',
  'failed',
  'in_doubt',
  'out_of_service',
] as const satisfies readonly Moment[];
export type Place = (typeof places)[number];

/** A person does nothing faster than this, and gives up after five minutes. */
const HAND_MS = 300;
const PATIENCE_MS = 300_000;

/** What the member does next to get a gift; false on a screen that ends the errand. */
function act(stage: Stage): boolean {
  const { screen, member } = stage;
  switch (screen?.name) {
    case 'attract':
      stage.tap({ type: 'begin' });
      return true;
    case 'identify':
      stage.tap({ type: 'enter_number' });
      return true;
    case 'enter_number':
      stage.tap({ type: 'submit_number', memberId: member.memberId });
      return true;
    case 'enter_pin':
      stage.tap({ type: 'submit_pin', pin: member.pin });
      return true;
    case 'choose': {
      const offer = screen.offers.find(({ state }) => state === 'available');
      stage.tap(offer ? { type: 'choose', rewardId: offer.rewardId } : { type: 'end' });
      return offer !== undefined;
    }
    case 'confirm':
      stage.tap({ type: 'confirm' });
      return true;
    case 'take':
    case 'failed':
    case 'in_doubt':
    case 'out_of_service':
      return false;
    case 'checking':
    case 'dispensing':
    case undefined:
      return true;
  }
}

/** Goes on with the errand until the glass shows `goal`, or a screen that ends it; answers where it ended. */
export async function walk(stage: Stage, goal?: Place, onPlace?: (place: Place) => void): Promise<Place | undefined> {
  const endMs = stage.time.nowMs + PATIENCE_MS;
  while (stage.time.nowMs < endMs) {
    const here = momentOf(stage.screen);
    if (here !== undefined) onPlace?.(here);
    if (here === goal && goal !== undefined) return here;
    if (!act(stage)) return here;
    const now = (): Place | undefined => momentOf(stage.screen);
    const moveMs = stage.time.nowMs + HAND_MS;
    await stage.time.run(() => now() !== here || stage.time.nowMs >= moveMs);
  }
  return momentOf(stage.screen);
}

/** Whichever slot the kiosk picks has this fault. */
export function onEverySlot({ kiosk }: Stage, fault: SlotFault, delayMs?: number): void {
  for (let slot = 1; slot <= SLOTS; slot += 1) {
    kiosk.cabinet.inject({ slot, fault, times: 1, ...(delayMs !== undefined && { delayMs }) });
  }
}

/** Comes to a place as people come there; the unhappy ends by a fault that is mended again before the cell's own strikes. */
export async function reach(stage: Stage, place: Place): Promise<void> {
  if (place === 'out_of_service') {
    stage.kiosk.cabinet.setDoor(true);
    await stage.until(({ name }) => name === 'out_of_service', 10_000);
    return;
  }
  if (place === 'failed') {
    await walk(stage, 'confirm');
    onEverySlot(stage, 'jam');
  }
  if (place === 'in_doubt') {
    await walk(stage, 'turning');
    stage.kiosk.cabinet.inject({ device: 'beam', fault: 'blind_beam' });
  }
  if (place === 'preparing') {
    // What was proved of the beam on choosing is forgotten: the kiosk has to test it again, which can be seen.
    await walk(stage, 'confirm');
    await stage.pass(deviceTimeouts.beamProofMs + 1);
  }
  await walk(stage, place);
  if (place === 'failed' || place === 'in_doubt') stage.kiosk.mend();
}
