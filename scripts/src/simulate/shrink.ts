import { simulate, type SimulationOptions, type SimulationResult } from './simulation.ts';
import { calamityNames, weatherOf, type Calamity, type WeatherName } from './weather.ts';

/** All that decides a run: the same gives the same, to the byte. */
export type Run = {
  readonly seed: number;
  readonly kiosks: number;
  readonly redemptions: number;
  readonly weather: WeatherName;
  readonly without: readonly Calamity[];
  readonly checkEvery: number;
};

/** The arguments that repeat a run. */
export function argumentsOf({ seed, kiosks, redemptions, weather, without, checkEvery }: Run): string {
  const spared = without.length > 0 ? ` --without ${without.join(',')}` : '';
  return `--seed ${String(seed)} --kiosks ${String(kiosks)} --redemptions ${String(redemptions)} --weather ${weather}${spared} --check-every ${String(checkEvery)}`;
}

export const simulateRun = (
  { weather, without, ...run }: Run,
  ears: Pick<SimulationOptions, 'onProgress' | 'onTrace' | 'coverage'> = {},
): Promise<SimulationResult> => simulate({ ...run, ...ears, weather: weatherOf(weather, without) });

/** Tries that are worth their time; each is shorter than the run that failed. */
const TRIES = 60;

type Failure = { readonly run: Run; readonly result: SimulationResult };

/**
 * Looks for the shortest run that still breaks a promise: stops it where it breaks, then takes away kiosks, redemptions
 * and kinds of trouble as long as something still breaks. What breaks may be another promise than at first.
 */
export async function shrink(failed: Failure, onTry: (run: Run, broke: boolean) => void): Promise<Failure> {
  let best = cutOff(failed);
  let tries = 0;
  const attempt = async (run: Run): Promise<boolean> => {
    if (tries >= TRIES) return false;
    tries += 1;
    const result = await simulateRun(run);
    const broke = result.violations.length > 0;
    onTry(run, broke);
    if (broke) best = cutOff({ run, result });
    return broke;
  };
  for (let shorter = true; shorter && tries < TRIES;) {
    shorter = false;
    for (const run of smaller(best.run)) {
      if (!(await attempt(run))) continue;
      shorter = true;
      break;
    }
  }
  return best;
}

/** A run ends where it breaks: what it would have done afterwards is no part of it. */
const cutOff = ({ run, result }: Failure): Failure => ({
  run: { ...run, redemptions: Math.max(1, Math.min(run.redemptions, result.redemptions)) },
  result,
});

/** Runs that are a step smaller, the greatest steps first. */
function* smaller(run: Run): Generator<Run> {
  const { kiosks, redemptions, without, checkEvery } = run;
  for (const fewer of new Set([1, kiosks >> 1, kiosks - 1]))
    if (fewer >= 1 && fewer < kiosks) yield { ...run, kiosks: fewer };
  for (const fewer of new Set([redemptions >> 2, redemptions >> 1, Math.floor(redemptions * 0.8), redemptions - 1]))
    if (fewer >= 1 && fewer < redemptions) yield { ...run, redemptions: fewer };
  for (const each of calamityNames) if (!without.includes(each)) yield { ...run, without: [...without, each] };
  if (checkEvery > 10) yield { ...run, checkEvery: Math.max(10, checkEvery >> 2) };
}
