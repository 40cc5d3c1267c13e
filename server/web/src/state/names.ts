import { computed, signal } from '@preact/signals';
import type { Admin, Reward } from '../api/answers.ts';
import { get } from '../api/client.ts';
import { localText } from './language.ts';

const staff = signal<ReadonlyMap<string, string>>(new Map());
const gifts = signal<ReadonlyMap<string, Reward>>(new Map());

/** Reads the names that tables show instead of ids. Called after sign-in; a failure leaves the ids, which are true too. */
export async function readNames(): Promise<void> {
  const [admins, rewards] = await Promise.all([
    get<{ items: readonly Admin[] }>('/v1/admins'),
    get<{ items: readonly Reward[] }>('/v1/rewards?limit=200'),
  ]);
  if (admins.ok) staff.value = new Map(admins.value.items.map((admin) => [admin.id, admin.name]));
  if (rewards.ok) gifts.value = new Map(rewards.value.items.map((reward) => [reward.rewardId, reward]));
}

export const rewardOf = (rewardId: string | null): Reward | undefined =>
  rewardId === null ? undefined : gifts.value.get(rewardId);

/** A reward's name in the chosen language, or its id while the name is not known. */
export function rewardName(rewardId: string | null): string {
  const reward = rewardOf(rewardId);
  return reward === undefined ? (rewardId ?? '–') : localText(reward.name);
}

/** `admin:01J…` as the person's name; kiosks, jobs and terminals as they are. */
export function actorName(actor: string): string {
  const [kind, id = ''] = actor.split(':');
  return (kind === 'admin' ? staff.value.get(id) : undefined) ?? actor;
}

export const rewardCount = computed(() => gifts.value.size);
