import { err, ok } from '@tessera/shared/result';
import type { InputDriver, OutputDriver } from '../ports.ts';
import type { CabinetLines } from './lines.ts';

/** Output driver straight on the model, for the deterministic simulation. `orphan` is the owner's sudden death. */
export function inProcessOutputs(lines: CabinetLines): OutputDriver & { orphan(): void } {
  const owners: object[] = [];
  return {
    claim(wanted) {
      const owner = {};
      owners.push(owner);
      const claimed = lines.claim(owner, wanted);
      if (!claimed.ok) return Promise.resolve(claimed);
      return Promise.resolve(
        ok({
          set: (line: number, active: boolean) => Promise.resolve(lines.set(owner, line, active)),
          release: () => {
            lines.release(owner);
            return Promise.resolve();
          },
          // A cabinet in the same process is never lost.
          onLost: () => undefined,
        }),
      );
    },
    orphan: () => {
      for (const owner of owners) lines.orphan(owner);
    },
  };
}

/** Input driver straight on the model, for the deterministic simulation. */
export function inProcessInputs(lines: CabinetLines): InputDriver {
  return {
    open(wanted) {
      const missing = wanted.find(({ line }) => !lines.hasInput(line));
      if (missing) return Promise.resolve(err({ code: 'no_such_line', detail: `No input ${String(missing.line)}.` }));
      const ends: (() => void)[] = [];
      return Promise.resolve(
        ok({
          read: (line: number) =>
            Promise.resolve(lines.read(wanted.find((each) => each.line === line) ?? { line, activeLow: false })),
          onEdge: (listener) => ends.push(lines.watch(wanted, listener)),
          onLost: () => undefined,
          close: () => {
            for (const end of ends) end();
            return Promise.resolve();
          },
        }),
      );
    },
  };
}
