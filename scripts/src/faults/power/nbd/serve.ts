import { closeSync, fstatSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { SeededChance } from '../../../simulate/seeded-chance.ts';
import { NbdSession } from './session.ts';
import { VolatileDisk, type Loss, type Platter } from './volatile-disk.ts';

/** A disk in a file. The host's page cache is no part of the experiment: the host keeps its power. */
function filePlatter(path: string): Platter & { close(): void } {
  const file = openSync(path, 'r+');
  return {
    bytes: fstatSync(file).size,
    read(offset, length) {
      const bytes = Buffer.alloc(length);
      readSync(file, bytes, 0, length, offset);
      return bytes;
    },
    write(offset, bytes) {
      writeSync(file, bytes, 0, bytes.length, offset);
    },
    close: () => closeSync(file),
  };
}

type Wait = { readonly count: number; readonly done: () => void };

/** A disk on a Unix socket, for one power-on. */
export type ServedDisk = {
  readonly flushes: number;
  /** Resolves when that many flushes were served since the power came. */
  flushed(count: number): Promise<void>;
  /** Resolves when flush number `count` is asked for. It is not served, nor anything after it. */
  held(count: number): Promise<void>;
  /** Takes the power away: says what was lost. The file then holds what the platter holds. */
  cut(chance: SeededChance): Promise<Loss>;
};

/** Serves a disk's file over NBD. */
export async function serveDisk(socketPath: string, file: string): Promise<ServedDisk> {
  const platter = filePlatter(file);
  const disk = new VolatileDisk(platter);
  const sockets = new Set<Socket>();
  const waiting = new Set<Wait>();
  let hold: Wait | undefined;
  const server = createServer((socket) => {
    const session = new NbdSession(disk, () => {
      if (!hold || disk.flushes + 1 < hold.count) return true;
      hold.done();
      return false;
    });
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.write(session.greeting());
    socket.on('data', (chunk) => {
      const answer = session.receive(chunk);
      if (answer.length > 0) socket.write(answer);
      if (session.ended) socket.end();
      for (const one of waiting) {
        if (disk.flushes < one.count) continue;
        waiting.delete(one);
        one.done();
      }
    });
  });
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return {
    get flushes() {
      return disk.flushes;
    },
    flushed: (count) => new Promise((done) => waiting.add({ count, done })),
    held: (count) => new Promise((done) => (hold = { count, done })),
    async cut(chance) {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
      const loss = disk.cut(chance);
      platter.close();
      return loss;
    },
  };
}
