import { publicKeyText } from '@tessera/shared/credentials/signature';
import { kioskIdSchema } from '@tessera/shared/ids/schemas';
import type { Chance, Clock } from '@tessera/shared/ports';
import { problem, problemSchema, type Problem } from '@tessera/shared/problem';
import { serverKeySchema } from '@tessera/shared/protocol/kiosk-parts';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod/mini';
import { JOURNAL_FILE, setJournalAside } from '../journal/open.ts';
import { replay } from '../journal/replay.ts';
import type { Disk } from '../platform/disk.ts';
import type { Log } from '../platform/log-events.ts';
import type { JsonStore } from '../store/json-store.ts';
import type { KioskData } from '../store/stores.ts';
import { makeDeviceKey, readDeviceKey } from './device-key.ts';

/** Posts a JSON body to a path of the server; answers the parsed JSON, or undefined where there was no answer. */
export type PostJson = (path: string, body: unknown) => Promise<unknown>;

const enrolledSchema = z.object({ kioskId: kioskIdSchema, serverKeys: z.array(serverKeySchema) });

/**
 * Enrols this device with a one-use code. The key is made here and never leaves; made once, it is shown again by a second
 * try, so that a lost answer does not cost the enrolment. A damaged journal is put aside: the kiosk begins a new one.
 */
export async function enrol(
  code: string,
  tools: {
    readonly disk: Disk;
    readonly chance: Chance;
    readonly clock: Clock;
    readonly log: Log;
    readonly kiosk: JsonStore<KioskData>;
    readonly postJson: PostJson;
  },
): Promise<Result<string, Problem>> {
  const { disk, chance, clock, log, kiosk, postJson } = tools;
  const isFirst = kiosk.data.kioskId === null;
  const key = (isFirst ? await readDeviceKey(disk) : undefined) ?? (await makeDeviceKey(disk, chance));
  const raw = await postJson('/v1/kiosk-enrolments', { code: code.trim(), publicKey: publicKeyText(key) });
  const enrolled = enrolledSchema.safeParse(raw);
  if (!enrolled.success) {
    const refused = problemSchema.safeParse(raw);
    const why = refused.success ? refused.data : problem('unavailable', { detail: 'The server did not answer.' });
    log('enrolment_refused', { code: why.code });
    return err(why);
  }
  const { kioskId, serverKeys } = enrolled.data;
  if (await isJournalDamaged(disk)) await setJournalAside(disk, clock.nowMs());
  await kiosk.update({ kioskId, serverKeys, counter: 0, ledgerEpoch: null });
  log('enrolled', { kioskId });
  return ok(kioskId);
}

async function isJournalDamaged(disk: Disk): Promise<boolean> {
  const bytes = await disk.read(JOURNAL_FILE);
  return bytes !== undefined && replay(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)).kind === 'damaged';
}
