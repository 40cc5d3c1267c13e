import type { Daemon, DaemonDependencies } from './dependencies.ts';
import { readDeviceKey } from './enrolment/device-key.ts';
import { IdleDaemon } from './idle-daemon.ts';
import { Journal } from './journal/journal.ts';
import { hitOf } from './platform/failpoints.ts';
import { PictureCache } from './store/pictures.ts';
import { openConfigStore, openKioskStore } from './store/stores.ts';
import { WorkingDaemon } from './working-daemon.ts';

/**
 * Builds the daemon: one that serves, or, where there is no identity or no whole journal, one that says so on its screen
 * and does nothing else. Nothing is driven and nothing is sent before `start`.
 */
export async function buildDaemon(deps: DaemonDependencies): Promise<Daemon> {
  const { disk, log } = deps;
  const hit = hitOf(deps.failpoints);
  const endWith = (event: 'bug' | 'disk_failed') => (error: unknown) => {
    log(event, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    deps.fatal(error);
  };
  const files = { ...deps, hit, fatal: endWith('disk_failed') };
  const kiosk = await openKioskStore(files);
  const config = await openConfigStore(files);
  const pictures = await PictureCache.open({ disk, log, fetchPicture: deps.fetchPicture });
  const journal = await Journal.open(files);
  if (!journal.ok) return new IdleDaemon(deps, 'journal_damaged');
  const { kioskId } = kiosk.data;
  const key = await readDeviceKey(disk);
  if (kioskId === null || !key) {
    await journal.value.close();
    return new IdleDaemon(deps, 'not_enrolled');
  }
  const identity = { kioskId, key };
  return new WorkingDaemon({
    deps,
    hit,
    fatal: endWith('bug'),
    journal: journal.value,
    kiosk,
    config,
    pictures,
    identity,
  });
}
