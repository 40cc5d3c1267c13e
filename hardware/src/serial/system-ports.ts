import { lstat, realpath, stat } from 'node:fs/promises';
import { SerialPort } from 'serialport';
import { err, ok, type Result } from '@tessera/shared/result';
import type { HardwareProblem } from '../ports.ts';
import type { SerialHandle, SerialPorts } from './ports.ts';

/** The real ports, 8N1, through the serialport package. */
export const systemSerialPorts: SerialPorts = { open, identity };

function open(path: string, { baudRate }: { baudRate: number }): Promise<Result<SerialHandle, HardwareProblem>> {
  return new Promise((resolve) => {
    const port = new SerialPort({ path, baudRate, autoOpen: false });
    port.open((error) => {
      resolve(error ? err({ code: 'gone', detail: error.message }) : ok(handle(port)));
    });
  });
}

function handle(port: SerialPort): SerialHandle {
  let tellClosed: () => void = () => undefined;
  port.on('close', () => {
    tellClosed();
  });
  // An error that matters closes the port as well; the link's own check finds the rest.
  port.on('error', () => undefined);
  return {
    onBytes: (listener) => port.on('data', listener),
    onClose: (listener) => {
      tellClosed = listener;
    },
    write: (bytes) =>
      new Promise((resolve) => {
        port.write(Buffer.from(bytes), (error) => {
          resolve(error ? err({ code: 'gone', detail: error.message }) : ok(undefined));
        });
      }),
    close: () => {
      tellClosed = () => undefined;
      if (port.isOpen) port.close(() => undefined);
    },
  };
}

/** The link itself and the node behind it: a device that was pulled and put back has a new link, even with the same number. */
async function identity(path: string): Promise<string | undefined> {
  try {
    const [link, target, node] = await Promise.all([lstat(path), realpath(path), stat(path)]);
    return [link.ino, link.ctimeMs, target, node.rdev].join(':');
  } catch {
    return undefined;
  }
}
