import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts one of the yardstick's processes: see bare.ts for what it takes. */
export function startBare(...args: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./bare.js', import.meta.url)), ...args]);
  return new Promise((resolve) => {
    child.stdout.once('data', (port: Buffer) => resolve({ child, url: `http://127.0.0.1:${port.toString().trim()}` }));
  });
}
