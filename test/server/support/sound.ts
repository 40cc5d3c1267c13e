import { checkBooks } from '@tessera/server/features/check/index';
import { expect } from 'chai';
import type { RunningServer } from './server.ts';

/** Every promise that `tessera check` verifies holds on the books of a running server. */
export async function expectSound({ server, clock }: Pick<RunningServer, 'server' | 'clock'>): Promise<void> {
  const { checks } = await checkBooks(server.foundation.database.db, clock.nowMs());
  expect(checks.filter(({ ok }) => ok === false)).to.deep.equal([]);
}
