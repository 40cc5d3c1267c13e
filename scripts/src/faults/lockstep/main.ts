import { parseArgs } from 'node:util';
import { finish } from '../../report/report.ts';
import { SimulatedCrash } from '../../simulate/incarnation.ts';
import { differences } from './end-state.ts';
import { playReally, playSimulated } from './play-both.ts';
import { script, shortScript } from './script.ts';

const HELP = `npm run faults:lockstep -- [--short] [--json]

Is the simulation true? One script of purchases, redemptions, faults of the cabinet, orders, counts, and crashes at named
places is played twice: by real processes on a real disk, and in the simulation. Both must end alike: points, stock, every
redemption with its timeline, the steps in the kiosk's journal, what fell and what turned. Takes about four minutes.

  --short   only a few acts, a minute
  --json    the last line is one JSON object

Figures: acts, redemptions, differences.
Exit 1 where the two ends differ.
`;

const SAMPLES = 'test/artifacts/lockstep.json';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

// A simulated process that ends in the middle of a promise leaves that promise rejected: it is dead, nobody listens.
process.on('unhandledRejection', (cause) => {
  if (cause instanceof SimulatedCrash) return;
  process.stderr.write(`${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
  process.exit(1);
});

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      short: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (flags.help) return void process.stdout.write(HELP);
  const acts = flags.short ? shortScript : script;
  const { end: real, setup } = await playReally(acts, say);
  const simulated = await playSimulated(acts, setup, say);
  const found = differences(real, simulated);
  for (const difference of found) say(`differs: ${difference}`);
  const figures = {
    acts: { value: acts.length, unit: 'acts' },
    redemptions: { value: real.redemptions.length, unit: 'redemptions' },
    differences: { value: found.length, unit: 'differences', target: 0 },
  };
  finish({ name: 'faults:lockstep', figures, samples: SAMPLES }, { real, simulated }, flags.json);
}

await main();
