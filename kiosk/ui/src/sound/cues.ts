/** The quiet signals beside the words: none of them carries a meaning alone. */
export type Cue = 'tap' | 'welcome' | 'ask' | 'done' | 'sorry';

/** Notes of a cue: frequency in Hz, start and length in seconds. */
const scores: Readonly<Record<Cue, readonly (readonly [hertz: number, start: number, length: number])[]>> = {
  tap: [[880, 0, 0.03]],
  welcome: [
    [523, 0, 0.09],
    [784, 0.09, 0.14],
  ],
  ask: [
    [660, 0, 0.12],
    [660, 0.2, 0.12],
  ],
  done: [
    [523, 0, 0.1],
    [659, 0.1, 0.1],
    [784, 0.2, 0.22],
  ],
  sorry: [
    [440, 0, 0.14],
    [349, 0.15, 0.22],
  ],
};

const PEAK_GAIN = 0.06;

/** Plays cues on one audio context, made at the first cue. */
export function cuePlayer(makeContext: () => AudioContext): (cue: Cue) => void {
  let context: AudioContext | undefined;
  return (cue) => {
    context ??= makeContext();
    const now = context.currentTime;
    for (const [hertz, start, length] of scores[cue]) {
      const tone = context.createOscillator();
      const gain = context.createGain();
      tone.frequency.value = hertz;
      gain.gain.setValueAtTime(0, now + start);
      gain.gain.linearRampToValueAtTime(PEAK_GAIN, now + start + 0.01);
      gain.gain.exponentialRampToValueAtTime(0.0001, now + start + length);
      tone.connect(gain).connect(context.destination);
      tone.start(now + start);
      tone.stop(now + start + length + 0.02);
    }
  };
}
