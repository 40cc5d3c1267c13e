import type { DispenserHealth } from '@tessera/hardware/ports';
import type { SlotView } from '@tessera/shared/protocol/kiosk-parts';
import { outReasons, type OutReason } from '@tessera/shared/protocol/ui';
import type { Standing } from '../link/refusals.ts';

export type ServiceFacts = {
  /** The journal was replayed and what was open is settled. */
  readonly started: boolean;
  /** `connecting`: not met yet since the start; `waiting`: down for so short a time that it may heal unseen. */
  readonly server: 'online' | 'connecting' | 'waiting' | 'offline';
  readonly standing: Standing | null;
  readonly health: DispenserHealth;
  readonly hasConfig: boolean;
  readonly slots: readonly SlotView[];
  readonly diskFull: boolean;
  readonly usedKnown: boolean;
};

/** Why nothing can be promised to a member now, in the order of what helps a person most; empty where it can. Pure. */
export function outReasonsOf(facts: ServiceFacts): OutReason[] {
  const { health, slots, standing } = facts;
  const stocked = slots.filter(({ rewardId, onHand }) => rewardId !== null && onHand > 0);
  const holds: Record<OutReason, boolean> = {
    starting: !facts.started || facts.server === 'connecting',
    no_server: facts.server === 'offline' || standing === 'unsupported_protocol',
    not_enrolled: standing === 'bad_signature',
    revoked: standing === 'kiosk_revoked' || standing === 'kiosk_cloned',
    journal_damaged: standing === 'journal_lost',
    no_guard: !health.guard,
    // A beam that is blocked, or failed its last emitter test, can prove nothing.
    no_sensor: !health.sensors || health.beam !== 'clear',
    no_stock: facts.hasConfig && !stocked.some(({ inService, available }) => !inService || available > 0),
    slots_out_of_service: stocked.length > 0 && stocked.every(({ inService }) => !inService),
    door_open: health.door === 'open',
    disk_full: facts.diskFull,
  };
  // Before the start nothing else is known.
  if (!facts.started) return ['starting'];
  return outReasons.filter((reason) => holds[reason]);
}

/** These do not stand in the way of a verified code: it needs neither the server nor a member's points. */
const harmlessToPickups: ReadonlySet<OutReason> = new Set(['starting', 'no_server', 'no_stock']);

/** True where a web order's code can be served although members cannot be. Pure. */
export function isPickupPossible(facts: ServiceFacts): boolean {
  const isBlocked = outReasonsOf(facts).some((reason) => !harmlessToPickups.has(reason));
  const isGiftThere = facts.slots.some(({ inService, onHand }) => inService && onHand > 0);
  return facts.started && !isBlocked && facts.usedKnown && facts.hasConfig && isGiftThere;
}
