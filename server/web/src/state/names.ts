import { signal } from '@preact/signals';
import type { Admin, Kiosk, Page, Reward } from '../api/answers.ts';
import { get } from '../api/client.ts';
import { localText, say } from './language.ts';

const staff = signal<ReadonlyMap<string, string>>(new Map());
const kiosks = signal<ReadonlyMap<string, string>>(new Map());
const gifts = signal<ReadonlyMap<string, Reward>>(new Map());

/** Reads the names that tables show instead of ids. Called after sign-in; a failure leaves the ids, which are true too. */
export async function readNames(): Promise<void> {
  const [admins, rewards, fleet] = await Promise.all([
    get<{ items: readonly Admin[] }>('/v1/admins'),
    get<Page<Reward>>('/v1/rewards?limit=200'),
    get<Page<Kiosk>>('/v1/kiosks?limit=200'),
  ]);
  if (admins.ok) staff.value = new Map(admins.value.items.map((admin) => [admin.id, admin.name]));
  if (fleet.ok) kiosks.value = new Map(fleet.value.items.map((kiosk) => [kiosk.kioskId, kiosk.name]));
  if (rewards.ok) gifts.value = new Map(rewards.value.items.map((reward) => [reward.rewardId, reward]));
}

export const rewardOf = (rewardId: string | null): Reward | undefined =>
  rewardId === null ? undefined : gifts.value.get(rewardId);

export const kioskNames = (): ReadonlyMap<string, string> => kiosks.value;
const kioskName = (kioskId: string): string => kiosks.value.get(kioskId) ?? kioskId;

/** A kiosk's name and the slot, where there is one. */
export const placeName = (kioskId: string, slot: number | null): string =>
  slot === null ? kioskName(kioskId) : `${say('slot', slot)} · ${kioskName(kioskId)}`;

/** A reward's name in the chosen language, or its id while the name is not known. */
export function rewardName(rewardId: string | null): string {
  const reward = rewardOf(rewardId);
  return reward === undefined ? (rewardId ?? '–') : localText(reward.name);
}

/** `admin:01J…` as the person's name, `kiosk:k01J…` as the kiosk's; jobs and terminals as they are. */
export function actorName(actor: string): string {
  const [kind, id = ''] = actor.split(':');
  if (kind === 'admin') return staff.value.get(id) ?? actor;
  return kind === 'kiosk' ? kioskName(id) : actor;
}
