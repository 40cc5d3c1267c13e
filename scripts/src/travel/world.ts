import type { Server } from '@tessera/server/app';
import * as z from 'zod';
import type { SeededChance } from '../simulate/seeded-chance.ts';
import type { TravelClock } from './clock.ts';
import type { Desk } from './desk.ts';
import type { Errands } from './errands.ts';
import type { TravelKiosk } from './kiosk.ts';
import type { Place } from './places.ts';
import type { Tally } from './tally.ts';

/** A merchant and its till. */
export interface Shop {
  readonly index: number;
  readonly merchantId: string;
  readonly till: string;
  readonly place: Place;
  /** `late` does not pay what it owes any more; `left` has ended its contract. */
  state: 'open' | 'late' | 'left';
}

/** What was sold, as far as it may come back. */
export interface Sold {
  readonly accrualId: string;
  readonly shop: Shop;
  readonly at: number;
  /** Minor units that have not come back. */
  left: number;
  readonly lines: readonly { readonly line: number; readonly amountMinor: number }[];
}

export interface Person {
  readonly memberId: string;
  readonly place: Place;
  /** How often they come, as a probability for a day. */
  readonly daily: number;
  /** In some months of the year they do not come at all (0 for January). */
  readonly away: readonly number[];
  readonly sales: Sold[];
  /** Payments that may come back. */
  readonly payments: { readonly paymentId: string; readonly shop: Shop; left: number }[];
}

/** What is to happen at a moment, ms since the epoch. */
export interface Deed {
  readonly at: number;
  run(): Promise<void>;
}

/** All that a journey works with. */
export interface World {
  readonly time: TravelClock;
  readonly chance: SeededChance;
  readonly desk: Desk;
  readonly server: Server;
  readonly errands: Errands;
  readonly operator: string;
  readonly shops: Shop[];
  readonly people: Person[];
  readonly kiosk: TravelKiosk;
  readonly tally: Tally;
  /** Deeds of days to come. */
  readonly later: Deed[];
  /** A number that a till, or a bank, gives only once. */
  newReference(what: string): string;
  /** A token of the second person of the staff. */
  second(): Promise<string>;
}

export const PIN = '2468';
const SESSION_MS = 11 * 3_600_000;

/** Signs the second person in, again where the session is over. */
export function secondPerson(desk: Desk, operator: string, nowMs: () => number): () => Promise<string> {
  const who = { login: 'second', password: 'the second person' };
  const session = z.looseObject({ token: z.string() });
  let signedIn: { readonly token: string; readonly at: number } | undefined;
  let known = false;
  return async () => {
    if (signedIn && nowMs() - signedIn.at < SESSION_MS) return signedIn.token;
    if (!known) await desk.must(operator, '/v1/admins', z.looseObject({}), who);
    known = true;
    const { token } = await desk.must('', '/v1/admin/sessions', session, who);
    signedIn = { token, at: nowMs() };
    return token;
  };
}

/** What takes two: the operator proposes, the second person confirms. */
export async function agree(world: World, asked: object): Promise<void> {
  const { desk, operator } = world;
  const proposal = z.looseObject({ proposalId: z.string() });
  const { proposalId } = await desk.must(operator, '/v1/money-proposals', proposal, { reason: 'agreed', ...asked });
  await desk.must(await world.second(), `/v1/money-proposals/${proposalId}/confirmation`, z.looseObject({}));
}
