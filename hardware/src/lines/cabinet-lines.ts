import type { Scheduler } from '@tessera/shared/ports';
import { err, ok } from '@tessera/shared/result';
import type { InputDriver, OutputDriver } from '../ports.ts';
import { CabinetConnection } from './cabinet-connection.ts';

/** Where the simulated cabinet's line socket is. */
export type CabinetAddress = { readonly socketPath: string; readonly scheduler: Scheduler };

/** Outputs of the simulated cabinet. */
export function cabinetOutputs({ socketPath, scheduler }: CabinetAddress): OutputDriver {
  return {
    async claim(lines) {
      const opened = await CabinetConnection.open(socketPath, { scheduler });
      if (!opened.ok) return opened;
      const connection = opened.value;
      const claimed = await connection.ask({ type: 'claim', lines: [...lines] });
      if (!claimed.ok) {
        connection.close();
        return claimed;
      }
      return ok({
        async set(line, active) {
          const answer = await connection.ask({ type: 'set', line, active });
          return answer.ok ? ok(undefined) : answer;
        },
        async release() {
          // Whatever it answers, closing gives the lines back.
          await connection.ask({ type: 'release' }).then(() => undefined);
          connection.close();
        },
        onLost: (listener) => {
          connection.onLost(listener);
        },
      });
    },
  };
}

/** Inputs of the simulated cabinet. */
export function cabinetInputs({ socketPath, scheduler }: CabinetAddress): InputDriver {
  return {
    async open(lines) {
      const opened = await CabinetConnection.open(socketPath, { scheduler });
      if (!opened.ok) return opened;
      const connection = opened.value;
      const answer = await connection.ask({ type: 'open', lines: [...lines] });
      if (!answer.ok) {
        connection.close();
        return err(answer.error);
      }
      return ok({
        read: (line) => connection.ask({ type: 'read', line }),
        onEdge: (listener) => {
          connection.onEdge(listener);
        },
        onLost: (listener) => {
          connection.onLost(listener);
        },
        close: () => {
          connection.close();
          return Promise.resolve();
        },
      });
    },
  };
}
