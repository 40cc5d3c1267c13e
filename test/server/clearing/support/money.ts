import { randomUUID } from 'node:crypto';
import { ok } from '@tessera/shared/result';
import type { Tx } from '@tessera/server/platform/commands/commands';
import type { RunningServer } from '../../support/server.ts';

/** Runs work inside one command, as a feature would be called by another. */
export async function inCommand<T>(server: RunningServer, work: (tx: Tx) => Promise<T>): Promise<T> {
  const done = await server.server.foundation.commands.run({
    name: 'test',
    actor: 'cli',
    work: async (tx) => ok(await work(tx)),
  });
  if (!done.ok) throw new Error(done.error.code);
  return done.value;
}

/** A person who signs in; two of them are two people. */
export async function addPerson(server: RunningServer, name: string): Promise<string> {
  const login = name.toLowerCase();
  const password = `${login}-${randomUUID()}`;
  await server.must('POST', '/v1/admins', { token: server.operator, body: { login, name, password } });
  const { token } = await server.must('POST', '/v1/admin/sessions', { body: { login, password } });
  return token;
}

/** Proposes with the operator's token and confirms as a person. */
export async function agree(server: RunningServer, person: string, asked: object): Promise<string> {
  const body = { reason: 'agreed', ...asked };
  const { proposalId } = await server.must('POST', '/v1/money-proposals', { token: server.operator, body });
  await server.must('POST', `/v1/money-proposals/${proposalId}/confirmation`, { token: person });
  return proposalId;
}

/** The golden case's rate: face 0.0100, issue price 0.0120, redeemer paid 0.0095, expired face split in half. */
export const goldenRate = {
  action: 'set_rate',
  party: '*',
  currency: 'EUR',
  faceMicro: 1_000_000,
  issueMicro: 1_200_000,
  redeemMicro: 950_000,
};

/** Balances by account and party, without those that are zero. */
export async function moneyOf(server: RunningServer): Promise<Record<string, number>> {
  const { items } = await server.must('GET', '/v1/clearing/balances', { token: server.operator });
  const rows = items as unknown as readonly { account: string; party: string; currency: string; amountMinor: number }[];
  return Object.fromEntries(
    rows
      .filter((row) => row.amountMinor !== 0)
      .map((row) => [`${row.account} ${row.party} ${row.currency}`, row.amountMinor]),
  );
}

/** What tests read of a settlement run. */
export interface RunBody {
  readonly runId: string;
  readonly state: string;
  readonly nets: readonly {
    readonly party: string;
    readonly currency: string;
    readonly state: string;
    readonly lines: number;
    readonly netMinor: number;
    readonly prepaidMinor: number;
    readonly reserveMinor: number;
    readonly payableMinor: number;
    readonly paidMinor: number;
    readonly lastLink: string;
  }[];
}

/** Waits until the job has calculated a run. */
export async function calculated(server: RunningServer, runId: string): Promise<RunBody> {
  for (;;) {
    const run = (await server.must('GET', `/v1/settlement-runs/${runId}`, {
      token: server.operator,
    })) as unknown as RunBody;
    if (run.state !== 'cutoff') return run;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
