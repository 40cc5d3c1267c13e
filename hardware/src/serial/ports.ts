import type { Result } from '@tessera/shared/result';
import type { HardwareProblem } from '../ports.ts';

/** An open serial port: bytes in, bytes out. */
export interface SerialHandle {
  onBytes(listener: (bytes: Uint8Array) => void): void;
  /** Called once when the port closes by itself; a pulled plug does not always tell. */
  onClose(listener: () => void): void;
  write(bytes: Uint8Array): Promise<Result<void, HardwareProblem>>;
  close(): void;
}

/** The machine's serial ports. */
export interface SerialPorts {
  open(path: string, settings: { readonly baudRate: number }): Promise<Result<SerialHandle, HardwareProblem>>;
  /** What a stable path leads to just now: another text means another device or another plugging-in; undefined: nothing there. */
  identity(path: string): Promise<string | undefined>;
}
