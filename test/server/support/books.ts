import { checkBooks } from '@tessera/server/features/check/index';
import { expect } from 'chai';
import type { Machine } from './machine.ts';

/** Every invariant that the check knows holds; otherwise the rows that break it are in the message. */
export async function expectSoundBooks(machine: Machine): Promise<void> {
  const report = await checkBooks(machine.server.foundation.database.db, machine.time.nowMs());
  const broken = report.checks.filter((check) => check.ok === false);
  expect(broken, JSON.stringify(broken)).to.deep.equal([]);
}

/** The answer is a success; otherwise the refusal is in the message. */
export function expectFine(answer: { readonly ok: boolean }): void {
  expect(answer.ok, JSON.stringify(answer)).to.equal(true);
}

/** Signs the member in at the kiosk. */
export async function signIn(machine: Machine): Promise<void> {
  const answer = await machine.kiosk.identify({ kind: 'member_id', memberId: machine.memberId, pin: '2468' });
  expect(answer.ok, JSON.stringify(answer)).to.equal(true);
}

/** Brings one redemption of a slot as far as `vending`. */
export async function vendingOn(machine: Machine, slot: number): Promise<string> {
  const { kiosk } = machine;
  const id = kiosk.newId();
  expect(await kiosk.authorise(id, slot)).to.include({ ok: true, state: 'held' });
  expect(await kiosk.vending(id, slot)).to.include({ ok: true, state: 'vending' });
  return id;
}

/** Brings one redemption of a slot into doubt. */
export async function doubtOn(machine: Machine, slot: number): Promise<string> {
  const id = await vendingOn(machine, slot);
  expect(await machine.kiosk.outcome(id, slot, 'unknown')).to.include({ ok: true, state: 'in_doubt' });
  return id;
}
