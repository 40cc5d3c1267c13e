import { setTimeout as sleep } from 'node:timers/promises';
import type { Gift } from '@tessera/shared/protocol/ui';
import type { DemoSeed } from '../start/demo.ts';
import type { Cabinet } from './cabinet.ts';
import type { Thumb } from './thumb.ts';

type Member = DemoSeed['members'][number];

/** From the first touch to the list of gifts, by typed number and PIN. */
export async function signIn(thumb: Thumb, member: Member): Promise<void> {
  await thumb.screen('attract');
  await thumb.tap({ type: 'begin' });
  await thumb.screen('identify');
  await thumb.tap({ type: 'enter_number' });
  await thumb.screen('enter_number');
  await thumb.tap({ type: 'submit_number', memberId: member.memberId });
  await thumb.screen('enter_pin');
  await thumb.tap({ type: 'submit_pin', pin: member.pin });
}

/** Chooses the first gift that can be had, and comes to the last question. */
export async function chooseGift(thumb: Thumb, wanted: (gift: Gift) => boolean = () => true): Promise<Gift> {
  const { offers } = await thumb.screen('choose');
  const offer = offers.find((one) => one.state === 'available' && wanted(one));
  if (!offer) throw new Error(`No such gift can be had: ${offers.map(({ state }) => state).join(', ')}`);
  await thumb.tap({ type: 'choose', rewardId: offer.rewardId });
  await thumb.screen('confirm');
  return offer;
}

/**
 * Takes the gift and leaves whatever is on the glass, until the machine is ready for the next person or says that it is out
 * of service.
 */
export async function leave(thumb: Thumb, cabinet: Cabinet, withinMs: number): Promise<void> {
  const resting = new Set(['attract', 'out_of_service']);
  const ended = new Set(['take', 'failed', 'in_doubt', 'choose', 'confirm', 'identify', 'enter_number', 'enter_pin']);
  const give = performance.now() + withinMs;
  for (;;) {
    const left = give - performance.now();
    const name = await thumb.until(
      (snapshot) => {
        const shown = snapshot?.screen.name;
        return shown !== undefined && (resting.has(shown) || ended.has(shown)) ? shown : undefined;
      },
      'an end',
      left,
    );
    if (resting.has(name)) return;
    await cabinet.takeGift();
    await thumb.tap({ type: 'end' }).catch(() => undefined);
    await sleep(100);
  }
}
