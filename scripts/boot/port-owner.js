import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * True where nobody listens on a port of this machine.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}

/** The inode of the socket that listens on a port, from the kernel's tables. @param {number} port */
function listeningInode(port) {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readText(table).split('\n')) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === '0A' && local.endsWith(suffix)) return inode;
    }
  }
  return undefined;
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} pid @param {string} target */
function holds(pid, target) {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === target);
  } catch {
    return false;
  }
}

/**
 * Who listens on a port, as far as this system tells: `process 812 (node server.js …)`.
 * @param {number} port
 */
export function ownerOf(port) {
  const inode = listeningInode(port);
  if (inode === undefined) return 'a process that this system does not show';
  const pid = readdirSync('/proc').find((name) => /^[0-9]+$/.test(name) && holds(name, `socket:[${inode}]`));
  if (pid === undefined) return 'a process of another user';
  const command = readText(`/proc/${pid}/cmdline`).split('\0').join(' ').trim();
  return `process ${pid} (${command.length > 100 ? `${command.slice(0, 100)}…` : command})`;
}
