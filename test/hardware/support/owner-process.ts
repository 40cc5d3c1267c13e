/** An owner of lines that drives one and then does nothing more: to be killed. */
import { cabinetOutputs } from '@tessera/hardware/lines/cabinet-lines';
import { systemScheduler } from '@tessera/hardware/platform/system';

const [socketPath = '', line = '0'] = process.argv.slice(2);
const claimed = await cabinetOutputs({ socketPath, scheduler: systemScheduler }).claim([
  { line: Number(line), activeLow: true },
]);
if (!claimed.ok) throw new Error(claimed.error.detail);
const driven = await claimed.value.set(Number(line), true);
if (!driven.ok) throw new Error(driven.error.detail);
setInterval(() => undefined, 1_000);
