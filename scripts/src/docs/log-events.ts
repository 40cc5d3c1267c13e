import { cabinetEvents } from '@tessera/hardware/cabinet/log-events';
import { guardEvents } from '@tessera/hardware/guard/log-events';
import { logEvents as daemonEvents } from '@tessera/kiosk-daemon/platform/log-events';
import { logEvents as serverEvents } from '@tessera/server/platform/events/log-events';

type Catalogue = Readonly<Record<string, readonly [level: string, meaning: string]>>;

function table(catalogue: Catalogue): string {
  const rows = Object.entries(catalogue).map(([name, [level, meaning]]) => `| \`${name}\` | ${level} | ${meaning} |`);
  return ['| event | level | what it means |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The parts of docs/log-events.md, from each process's closed catalogue. */
export const logEventParts = (): Readonly<Record<string, string>> => ({
  server: table(serverEvents),
  daemon: table(daemonEvents),
  guard: table(guardEvents),
  cabinet: table(cabinetEvents),
});
