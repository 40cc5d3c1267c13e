import type { Hands, Victim } from './hands.ts';
import type { Moment } from '../../harness/moment.ts';

/** One thing that happens to both worlds. */
export type Act = { readonly name: string; readonly play: (hands: Hands) => Promise<void> };

/** From the first touch to the last question, for the gift of one slot. */
async function choose(hands: Hands, slot: number): Promise<void> {
  const { memberId, pin } = hands.member;
  await hands.screen('attract');
  await hands.tap({ type: 'begin' });
  await hands.screen('identify');
  await hands.tap({ type: 'enter_number' });
  await hands.screen('enter_number');
  await hands.tap({ type: 'submit_number', memberId });
  await hands.screen('enter_pin');
  await hands.tap({ type: 'submit_pin', pin });
  await hands.screen('choose');
  await hands.tap({ type: 'choose', rewardId: hands.rewardOf(slot) });
  await hands.screen('confirm');
}

async function walkUp(hands: Hands, slot: number): Promise<void> {
  await choose(hands, slot);
  await hands.tap({ type: 'confirm' });
}

/** A redemption that comes to an end on the glass. */
const served =
  (slot: number, end: 'take' | 'failed' | 'in_doubt') =>
  async (hands: Hands): Promise<void> => {
    await walkUp(hands, slot);
    await hands.screen(end);
    await hands.takeGift();
    await hands.tap({ type: 'end' });
  };

const spoiled = (slot: number, fault: 'jam' | 'hang' | 'double_drop', end: 'take' | 'failed'): Act => ({
  name: `${fault} in slot ${String(slot)}`,
  play: async (hands) => {
    await hands.spoil(slot, fault);
    await served(slot, end)(hands);
    await hands.mend();
  },
});

/** The daemon dies at a failpoint of a redemption, and perhaps again while it recovers. */
const dying = (slot: number, ...lives: readonly string[]): Act => ({
  name: `slot ${String(slot)}, the daemon dies at ${lives.join(', then at ')}`,
  play: async (hands) => {
    await hands.arm('daemon', lives);
    await hands.settle();
    await walkUp(hands, slot);
    await hands.settle();
    await hands.takeGift();
  },
});

const killedAt = (slot: number, victim: Victim, moment: Moment): Act => ({
  name: `slot ${String(slot)}, the ${victim} is killed at ${moment}`,
  play: async (hands) => {
    await walkUp(hands, slot);
    await hands.moment(moment);
    await hands.kill(victim);
    await hands.settle();
    await hands.takeGift();
  },
});

const counted = (...slots: readonly number[]): Act => ({
  name: `slots ${slots.join(', ')} are counted`,
  play: async (hands) => {
    for (const slot of slots) await hands.count(slot);
  },
});

const ALL = [1, 2, 3, 4, 5, 6, 7, 8] as const;

const plainActs: readonly Act[] = [
  { name: 'points are earned', play: (hands) => hands.earn(50_000) },
  counted(...ALL),
  { name: 'a gift from slot 1', play: served(1, 'take') },
  spoiled(2, 'jam', 'failed'),
  {
    name: 'the beam goes blind while slot 5 turns',
    play: async (hands) => {
      await walkUp(hands, 5);
      await hands.moment('turning');
      await hands.blindBeam();
      await hands.screen('in_doubt');
      await hands.takeGift();
      await hands.tap({ type: 'end' });
      await hands.mend();
    },
  },
  counted(2, 5),
  {
    name: 'an order of slot 7 is collected',
    play: async (hands) => {
      const { code } = await hands.order(7);
      await hands.settle();
      await hands.scan(code);
      await hands.screen('take');
      await hands.takeGift();
      await hands.tap({ type: 'end' });
    },
  },
  {
    name: 'an order of slot 7 is asked back',
    play: async (hands) => {
      const { redemptionId } = await hands.order(7);
      await hands.settle();
      await hands.cancel(redemptionId);
    },
  },
];

/** The script: what a kiosk lives through, with crashes at named places. Each act ends with nothing under way. */
export const script: readonly Act[] = [
  ...plainActs,
  dying(1, 'daemon.journal.requested.after'),
  dying(1, 'daemon.ack.authorise.before'),
  dying(2, 'daemon.journal.vending.after'),
  counted(2),
  dying(3, 'daemon.pulse.after', 'daemon.journal.unknown.after'),
  counted(3),
  dying(5, 'daemon.journal.dropped.after', 'daemon.send.outcome.before'),
  killedAt(1, 'server', 'watching'),
  {
    name: 'slot 8, the daemon is killed before the gift is confirmed',
    play: async (hands) => {
      await choose(hands, 8);
      await hands.kill('daemon');
      await hands.settle();
    },
  },
  spoiled(8, 'double_drop', 'take'),
  counted(...ALL),
];

/** The few acts that a test plays. */
export const shortScript: readonly Act[] = [
  ...plainActs.slice(0, 3),
  dying(2, 'daemon.journal.vending.after'),
  counted(2),
];

/** Plays acts one after another; each ends when nothing is under way. */
export async function play(acts: readonly Act[], hands: Hands, say: (text: string) => void): Promise<void> {
  for (const { name, play: act } of acts) {
    say(`  ${name}`);
    try {
      await act(hands);
      await hands.settle();
    } catch (cause) {
      throw new Error(`"${name}" did not come to its end`, { cause });
    }
  }
}
