import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFlags } from '../../report/flags.ts';
import { finish, type Figure } from '../../report/report.ts';
import { plants } from './plants.ts';
import { loadProgress, type Progress } from './progress.ts';
import { begin, prepare, type Prepared } from './prepare.ts';
import { cutPower } from './run.ts';

const HELP = `npm run faults:power -- [--cuts 60] [--resume] [--plant NAME] [--json]

Server, guard and kiosk daemon run in a QEMU guest on two disks with a volatile write cache; QEMU is killed at random
moments under load. After each power-on, books, journal and what the cabinet, which keeps its power, saw fall are compared.

  --cuts N      how often the power goes (60)
  --resume      go on where an interrupted run stopped
  --plant NAME  put a known bug into the guest; the run is good where it is caught: ${plants.map(({ name }) => name).join(', ')}
  --work DIR    where disks and progress are kept (below the system's temporary folder)
  --json        the last line is one JSON object

Needs Debian's qemu-system-x86, linux-image-cloud-amd64, busybox-static, socat, e2fsprogs and cpio.

Figures: cuts, cuts_missing, disagreements, redemptions, captured, in_doubt (ended by a count), boot_p50, boot_max,
kernel_boot, lost_unflushed_writes, torn_writes, purchases, hardware_virtualised (1 with KVM, 0 without);
with --plant: cuts_until_caught and uncaught instead of disagreements.
`;

const TOOLS = ['qemu-system-x86_64', 'socat', 'busybox', 'cpio', 'mke2fs', 'e2fsck', 'debugfs', 'setpriv'];
const FOLDERS = ['/usr/bin', '/usr/sbin', '/bin', '/sbin'];

const { values: flags } = readFlags({
  options: {
    cuts: { type: 'string', default: '60' },
    plant: { type: 'string' },
    work: { type: 'string' },
    resume: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function figuresOf(progress: Progress, { accelerator, kernelMs }: Prepared, wanted: number): Record<string, Figure> {
  const { cuts, disagreements, plant } = progress;
  const boots = cuts.flatMap(({ bootMs }) => bootMs ?? []).sort((a, b) => a - b);
  const losses = cuts.flatMap(({ server, kiosk }) => [server, kiosk]);
  const isCaught = disagreements.length > 0;
  const figure = (value: number, unit: string, target?: number): Figure => ({
    value,
    unit,
    ...(target !== undefined && { target }),
  });
  return {
    cuts: figure(cuts.length, 'cuts'),
    ...(plant === null
      ? {
          cuts_missing: figure(Math.max(0, wanted - cuts.length), 'cuts', 0),
          disagreements: figure(disagreements.length, 'sentences', 0),
        }
      : { cuts_until_caught: figure(cuts.length, 'cuts'), uncaught: figure(isCaught ? 0 : 1, 'bugs', 0) }),
    redemptions: figure(progress.redemptions, 'redemptions'),
    purchases: figure(progress.purchases, 'purchases'),
    captured: figure(progress.captured.length, 'redemptions'),
    in_doubt: figure(progress.doubts, 'redemptions'),
    boot_p50: figure((boots[Math.floor(boots.length / 2)] ?? 0) / 1000, 's'),
    boot_max: figure((boots.at(-1) ?? 0) / 1000, 's'),
    kernel_boot: figure(kernelMs / 1000, 's'),
    lost_unflushed_writes: figure(sum(losses.map(({ lost }) => lost)), 'writes'),
    torn_writes: figure(sum(losses.map(({ torn }) => torn)), 'writes'),
    hardware_virtualised: figure(accelerator === 'kvm' ? 1 : 0, 'yes/no'),
  };
}

/** Says what is wrong with the call or with this system; undefined where nothing is. */
function refusal(): string | undefined {
  if (!/^[1-9][0-9]{0,4}$/.test(flags.cuts)) return `--cuts ${flags.cuts}: give a whole number from 1.`;
  if (flags.plant !== undefined && !plants.some(({ name }) => name === flags.plant)) {
    return `--plant ${flags.plant}: there are ${plants.map(({ name }) => name).join(', ')}.`;
  }
  const missing = TOOLS.filter((tool) => !FOLDERS.some((folder) => existsSync(join(folder, tool))));
  return missing.length > 0 ? `These are missing: ${missing.join(', ')}. --help names the packages.` : undefined;
}

async function main(): Promise<void> {
  const wanted = Number(flags.cuts);
  const plant = plants.find(({ name }) => name === flags.plant);
  const root = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');
  const base = flags.work ?? join(tmpdir(), 'tessera-power');
  const workDir = join(base, plant?.name ?? 'sound');
  const place = { root, workDir };
  const prepared = await prepare(root, join(base, 'machine'), say);
  const earlier = flags.resume ? loadProgress(workDir) : undefined;
  if (earlier && earlier.key !== prepared.key) {
    say('The build has changed since that run began: begin anew, without --resume.');
    process.exitCode = 1;
    return;
  }
  if (earlier) say(`Going on after ${String(earlier.cuts.length)} cuts.`);
  const progress = earlier ?? begin(place, prepared, plant?.name ?? null);
  await cutPower(place, { prepared, progress, wanted, say });
  for (const sentence of progress.disagreements) say(`DISAGREES: ${sentence}`);
  const samples = join(tmpdir(), 'tessera-reports', `faults-power${plant ? `-${plant.name}` : ''}.json`);
  finish({ name: 'faults:power', figures: figuresOf(progress, prepared, wanted), samples }, progress.cuts, flags.json);
}

const refused = refusal();
if (flags.help) process.stdout.write(HELP);
else if (refused !== undefined) {
  say(refused);
  process.exitCode = 2;
} else await main();
