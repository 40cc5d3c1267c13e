import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { findKernel } from './image.ts';

export type Accelerator = 'kvm' | 'tcg';

/** Everything that makes one machine: the same for its first start and for each time it wakes. */
export type MachineParts = {
  readonly workDir: string;
  /** The guest's memory file system, and its memory once it sleeps. */
  readonly initramfs: string;
  readonly asleep: string;
  readonly accelerator: Accelerator;
  /** The disks' NBD sockets: the server's, then the kiosk's. */
  readonly disks: readonly [string, string];
  /** Ports of the guest that the host reaches under the same number. */
  readonly ports: readonly number[];
};

const MEMORY = '1536M';
const KERNEL_MS = { kvm: 25_000, tcg: 300_000 } as const;
const ASLEEP_MS = 1_200_000;
const AWAKE_MS = 120_000;
const KNOCK_MS = 300;
const KERNEL_IS_UP = 'power: kernel is up';
const ASLEEP = 'power: asleep';
const AWAKE = 'power: awake';

const accelerations = {
  kvm: ['-accel', 'kvm', '-cpu', 'host'],
  tcg: ['-accel', 'tcg,thread=multi,tb-size=768', '-cpu', 'max'],
};

function argumentsOf({ workDir, initramfs, accelerator, disks, ports }: MachineParts): string[] {
  const forwards = ports.map((port) => `hostfwd=tcp:127.0.0.1:${String(port)}-10.0.2.15:${String(port)}`).join(',');
  const drives = disks.flatMap((socket, index) => {
    const id = `disk${String(index)}`;
    // The guest sees a write cache and flushes it; QEMU passes both on to our disk and caches nothing itself.
    return [
      ...['-drive', `file=nbd+unix:///?socket=${socket},format=raw,if=none,id=${id},cache=writeback`],
      ...['-device', `virtio-blk-pci,drive=${id},write-cache=on`],
    ];
  });
  return [
    ...accelerations[accelerator],
    ...['-M', 'q35', '-smp', '2', '-m', MEMORY, '-nodefaults', '-display', 'none', '-no-reboot'],
    ...['-serial', 'stdio', '-monitor', `unix:${join(workDir, 'monitor.sock')},server=on,wait=off`],
    ...['-kernel', findKernel().image, '-initrd', initramfs],
    ...['-append', 'console=ttyS0 panic=-1 quiet mitigations=off random.trust_cpu=on'],
    ...drives,
    ...['-netdev', `user,id=net,${forwards}`, '-device', 'virtio-net-pci,netdev=net'],
  ];
}

/** A QEMU that runs. */
export class Machine {
  readonly #process: ChildProcess;
  readonly #lines = new Set<string>();
  readonly #endings = new Map<string, number>();
  readonly #ended: Promise<void>;
  #alive = true;

  constructor(parts: MachineParts, extra: readonly string[] = []) {
    rmSync(join(parts.workDir, 'monitor.sock'), { force: true });
    const command = ['--pdeathsig', 'SIGKILL', '--', 'qemu-system-x86_64', ...argumentsOf(parts), ...extra];
    const child = spawn('setpriv', command, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process = child;
    child.stdin.on('error', () => undefined);
    this.#ended = new Promise((resolve) => child.once('close', () => resolve()));
    void this.#ended.then(() => (this.#alive = false));
    const note = (line: string): void => {
      appendFileSync(join(parts.workDir, 'console.log'), `${line}\n`);
      // The console echoes what is typed into it: a line of the guest may begin in the middle of one.
      const [said] = /power: .*/.exec(line) ?? [];
      if (said !== undefined) this.#lines.add(said.trim());
      const [, ended] = /^(\S+): ended\s*$/.exec(line) ?? [];
      if (ended !== undefined) this.#endings.set(ended, (this.#endings.get(ended) ?? 0) + 1);
    };
    createInterface({ input: child.stdout }).on('line', note);
    createInterface({ input: child.stderr }).on('line', note);
  }

  /** Waits until the guest has said a line; false where it has not in time, or the machine ended. */
  async said(line: string, withinMs: number, meanwhile: () => void = () => undefined): Promise<boolean> {
    const end = performance.now() + withinMs;
    while (performance.now() < end && this.#alive) {
      if (this.#lines.has(line)) return true;
      meanwhile();
      await sleep(KNOCK_MS / 3);
    }
    return false;
  }

  /** A process of the guest that has ended by itself this often or oftener. */
  endedOften(times: number): string | undefined {
    return [...this.#endings].find(([, count]) => count >= times)?.[0];
  }

  type(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Ends QEMU in the middle of whatever it does. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }
}

/** Says commands to QEMU's monitor, one after the other; answers what it printed. */
function monitor(socketPath: string, commands: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    const left = [...commands];
    let printed = '';
    let pending = '';
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      pending += chunk.toString();
      if (!pending.endsWith('(qemu) ')) return;
      printed += pending;
      pending = '';
      const next = left.shift();
      if (next === undefined) {
        socket.destroy();
        resolve(printed);
      } else socket.write(`${next}\n`);
    });
  });
}

/** Starts a machine once, up to where a power-on begins, and keeps its memory. Undefined where it does not start. */
export async function putToSleep(parts: MachineParts): Promise<{ kernelMs: number } | undefined> {
  const started = performance.now();
  const machine = new Machine(parts);
  try {
    if (!(await machine.said(KERNEL_IS_UP, KERNEL_MS[parts.accelerator]))) return undefined;
    const kernelMs = performance.now() - started;
    if (!(await machine.said(ASLEEP, ASLEEP_MS)))
      throw new Error(`The guest did not come up: ${parts.workDir}/console.log`);
    const commands = ['migrate_set_parameter max-bandwidth 8G', `migrate "exec:cat > ${parts.asleep}"`, 'info migrate'];
    const printed = await monitor(join(parts.workDir, 'monitor.sock'), commands);
    if (!printed.includes('Migration status: completed')) throw new Error(`QEMU did not keep the memory: ${printed}`);
    return { kernelMs };
  } finally {
    await machine.kill();
  }
}

/** Turns the power on. `writebackCs`: after how many hundredths of a second the guest writes by itself what nobody synced; `programs`: which of the sleepers run. */
export function powerOn(
  parts: MachineParts,
  wake: { readonly seed: string; readonly writebackCs: number; readonly programs: readonly string[] },
): { machine: Machine; awake: Promise<boolean> } {
  const machine = new Machine(parts, ['-incoming', `exec:cat ${parts.asleep}`]);
  let last = 0;
  const knock = (): void => {
    if (performance.now() - last < KNOCK_MS) return;
    last = performance.now();
    const seconds = (Date.now() / 1000).toFixed(0);
    machine.type(`wake ${seconds} ${wake.seed} ${String(wake.writebackCs)} ${wake.programs.join(' ')}`);
  };
  return { machine, awake: machine.said(AWAKE, AWAKE_MS, knock) };
}
