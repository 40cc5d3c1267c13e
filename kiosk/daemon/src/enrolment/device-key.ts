import type { KeyObject } from 'node:crypto';
import { privateKeyOfSeed } from '@tessera/shared/credentials/signature';
import type { Chance } from '@tessera/shared/ports';
import { replaceFile, type Disk } from '../platform/disk.ts';

const FILE = 'device.key';
const SEED_BYTES = 32;

/** The kiosk's Ed25519 key as it is kept on this device alone (mode 0600); undefined where there is none yet. */
export async function readDeviceKey(disk: Disk): Promise<KeyObject | undefined> {
  const bytes = await disk.read(FILE);
  const seed = bytes && Buffer.from(Buffer.from(bytes).toString('utf8').trim(), 'base64url');
  return seed?.length === SEED_BYTES ? privateKeyOfSeed(seed) : undefined;
}

/** Makes a key on the device. It is stored before it is shown to the server, so that an enrolment is never lost. */
export async function makeDeviceKey(disk: Disk, chance: Chance): Promise<KeyObject> {
  const seed = chance.bytes(SEED_BYTES);
  await replaceFile(disk, FILE, Buffer.from(`${Buffer.from(seed).toString('base64url')}\n`));
  return privateKeyOfSeed(seed);
}
