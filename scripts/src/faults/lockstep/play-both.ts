import { startWorld } from '../../harness/world.ts';
import type { EndState } from './end-state.ts';
import { realHands, type Setup } from './real-hands.ts';
import { play, type Act } from './script.ts';
import { simulatedHands } from './simulated-hands.ts';

type Say = (text: string) => void;

/** Plays acts with real processes; answers where they end, and how their alliance was set up. */
export async function playReally(
  acts: readonly Act[],
  say: Say,
): Promise<{ readonly end: EndState; readonly setup: Setup }> {
  const { hands, setup } = await realHands(await startWorld(say));
  try {
    say('with real processes:');
    await play(acts, hands, say);
    return { end: await hands.endState(), setup };
  } finally {
    await hands.close();
  }
}

/** Plays the same acts in a simulation that is set up alike. */
export async function playSimulated(acts: readonly Act[], setup: Setup, say: Say): Promise<EndState> {
  const hands = await simulatedHands(setup);
  try {
    say('in the simulation:');
    await play(acts, hands, say);
    return await hands.endState();
  } finally {
    await hands.close();
  }
}
