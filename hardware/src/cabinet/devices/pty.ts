import { closeSync, constants, readSync, writeSync } from 'node:fs';
import koffi from 'koffi';

const libc = koffi.load('libc.so.6');
const posixOpenpt = libc.func('int posix_openpt(int flags)') as (flags: number) => number;
const grantpt = libc.func('int grantpt(int fd)') as (fd: number) => number;
const unlockpt = libc.func('int unlockpt(int fd)') as (fd: number) => number;
const ptsnameR = libc.func('int ptsname_r(int fd, _Out_ uint8_t *name, size_t size)') as (
  fd: number,
  name: Buffer,
  size: number,
) => number;
const tcgetattr = libc.func('int tcgetattr(int fd, _Out_ uint8_t *termios)') as (fd: number, termios: Buffer) => number;
const cfmakeraw = libc.func('void cfmakeraw(_Inout_ uint8_t *termios)') as (termios: Buffer) => void;
const tcsetattr = libc.func('int tcsetattr(int fd, int when, const uint8_t *termios)') as (
  fd: number,
  when: number,
  termios: Buffer,
) => number;

/** Larger than struct termios on any Linux. */
const TERMIOS_BYTES = 256;
const TCSANOW = 0;
const O_CLOEXEC = 0o2000000;

/** Our end of a pseudo-terminal; `path` is the end that a serial port opens. */
export interface Pty {
  readonly path: string;
  /** Puts bytes on the wire; they are lost where nobody reads and the buffer is full, as on a real wire. */
  write(bytes: Uint8Array): void;
  /** What the other end has sent since, without waiting. */
  read(): Buffer;
  /** Pulls the plug. */
  close(): void;
}

function check(result: number, what: string): void {
  if (result !== 0) throw new Error(`${what} failed (${String(result)}).`);
}

/** True for the errors that only say: nothing there just now, or nobody at the other end. */
const isQuiet = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EIO');

/** Opens a pseudo-terminal in raw mode: bytes pass as they are, nothing is echoed. Throws where the system has none left. */
export function openPty(): Pty {
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
  const fd = posixOpenpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) throw new Error('posix_openpt failed.');
  check(grantpt(fd), 'grantpt');
  check(unlockpt(fd), 'unlockpt');
  const name = Buffer.alloc(128);
  check(ptsnameR(fd, name, name.length), 'ptsname_r');
  const termios = Buffer.alloc(TERMIOS_BYTES);
  check(tcgetattr(fd, termios), 'tcgetattr');
  cfmakeraw(termios);
  check(tcsetattr(fd, TCSANOW, termios), 'tcsetattr');
  return {
    path: name.toString('utf8', 0, name.indexOf(0)),
    write(bytes) {
      try {
        writeSync(fd, bytes);
      } catch (error) {
        if (!isQuiet(error)) throw error;
      }
    },
    read() {
      const buffer = Buffer.alloc(4096);
      try {
        return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, null));
      } catch (error) {
        if (isQuiet(error)) return Buffer.alloc(0);
        throw error;
      }
    },
    close() {
      closeSync(fd);
    },
  };
}
