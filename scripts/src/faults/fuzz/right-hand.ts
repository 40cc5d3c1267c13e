import { setTimeout as sleep } from 'node:timers/promises';
import type { Intent, Offer, Snapshot } from '@tessera/shared/protocol/ui';
import type { World } from '../../harness/world.ts';
import type { SeededChance } from '../../simulate/seeded-chance.ts';

/** A gift takes seconds: most members only look. */
const CONFIRM_CHANCE = 0.2;
const LEAVE_CHANCE = 0.2;
const CARD_CHANCE = 0.3;
/** The kiosk has work of its own: after this, whatever it shows is spoken to. */
const PATIENCE_MS = 400;
const REFILL = 4;

/** The member who does what the screen asks for, so that whoever else taps meets every screen. */
export class RightHand {
  readonly #world: World;
  readonly #chance: SeededChance;
  member: World['seed']['members'][number];

  constructor(world: World, chance: SeededChance) {
    this.#world = world;
    this.#chance = chance;
    this.member = chance.pick(world.seed.members);
  }

  /** One right step from here; says what it was and how it was answered. */
  async act({ screen, version }: Snapshot): Promise<string> {
    switch (screen.name) {
      case 'attract':
        this.member = this.#chance.pick(this.#world.seed.members);
        return this.#tap({ type: 'begin' });
      case 'identify':
        return this.#chance.happens(CARD_CHANCE) ? this.#holdCard(version) : this.#tap({ type: 'enter_number' });
      case 'enter_number':
        return this.#tap({ type: 'submit_number', memberId: this.member.memberId });
      case 'enter_pin':
        return this.#tap({ type: 'submit_pin', pin: this.member.pin });
      case 'choose':
        return this.#choose(screen.offers);
      case 'confirm':
        return this.#tap(this.#chance.happens(CONFIRM_CHANCE) ? { type: 'confirm' } : { type: 'back' });
      case 'take':
        await this.#world.cabinet.takeGift();
        return this.#tap({ type: screen.another ? 'another' : 'end' });
      case 'failed':
      case 'in_doubt':
        return this.#tap({ type: 'end' });
      case 'out_of_service':
        await this.#refill();
        return 'refilled';
      case 'checking':
      case 'dispensing':
        await this.#change(version);
        return 'waited';
    }
  }

  async #holdCard(version: number): Promise<string> {
    await this.#world.cabinet.tap(this.member.cardUid);
    await this.#change(version);
    return 'card held';
  }

  #choose(offers: readonly Offer[]): Promise<string> {
    const available = offers.filter(({ state }) => state === 'available');
    // A member who has had one may take another, and leaves in between.
    if (available.length === 0 || this.#chance.happens(LEAVE_CHANCE)) return this.#tap({ type: 'end' });
    return this.#tap({ type: 'choose', rewardId: this.#chance.pick(available).rewardId });
  }

  async #tap(intent: Intent): Promise<string> {
    const { ok, problem } = await this.#world.thumb.tap(intent);
    return `${intent.type} ${ok ? 'ok' : (problem?.code ?? 'refused')}`;
  }

  /** Waits for another screen, but not for long. */
  async #change(version: number): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (this.#world.thumb.snapshot?.version === version && performance.now() < end) await sleep(5);
  }

  /** Puts in what has been sold, in the books and in the cabinet. */
  async #refill(): Promise<void> {
    const { books, cabinet, kiosk } = this.#world;
    const { slots } = await cabinet.state();
    for (const { slot, onHand, capacity } of await books.slots(kiosk.id)) {
      const quantity = Math.min(REFILL, capacity - onHand);
      if (quantity <= 0) continue;
      await books.load(kiosk.id, slot, quantity);
      await cabinet.fill(slot, (slots.find((each) => each.slot === slot)?.goods ?? onHand) + quantity);
    }
    await sleep(PATIENCE_MS);
  }
}
