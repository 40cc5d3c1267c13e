import { leave, signIn } from '../harness/errand.ts';
import type { World } from '../harness/world.ts';
import type { SeededChance } from '../simulate/seeded-chance.ts';

type Member = World['seed']['members'][number];

const WALKS_AWAY = 0.1;
const TAPS_TWICE = 0.3;
const LEAVE_MS = 120_000;

/** By number and PIN, by the code on a phone, or by card and PIN. */
async function identify(world: World, chance: SeededChance, member: Member): Promise<void> {
  const { thumb, cabinet } = world;
  const way = chance.pick(['number', 'code', 'card'] as const);
  if (way === 'number') return signIn(thumb, member);
  await thumb.screen('attract');
  if (way === 'code') {
    const code = await fetch(member.qrUrl);
    return cabinet.scan(await code.text());
  }
  await cabinet.tap(member.cardUid);
  await thumb.screen('enter_pin');
  await thumb.tap({ type: 'submit_pin', pin: member.pin });
}

/** One person's visit: signs in, chooses, confirms or walks away. It breaks off wherever the machine does. */
async function errand(world: World, chance: SeededChance): Promise<void> {
  const { thumb } = world;
  await identify(world, chance, chance.pick(world.seed.members));
  const { offers } = await thumb.screen('choose', 10_000);
  const offer = chance.pick(offers.filter(({ state }) => state === 'available'));
  await thumb.tap({ type: 'choose', rewardId: offer.rewardId });
  await thumb.screen('confirm', 10_000);
  if (chance.happens(WALKS_AWAY)) return;
  const first = thumb.tap({ type: 'confirm' });
  if (chance.happens(TAPS_TWICE)) await thumb.tap({ type: 'confirm' });
  await first;
  await thumb.until(
    (snapshot) => (snapshot && snapshot.screen.name !== 'confirm' ? true : undefined),
    'an answer',
    10_000,
  );
}

/** Serves one person to the end, whatever happens to the machine; false where nobody could be served. */
export async function visit(world: World, chance: SeededChance): Promise<boolean> {
  const served = await errand(world, chance).then(
    () => true,
    () => false,
  );
  await leave(world.thumb, world.cabinet, LEAVE_MS);
  return served;
}
