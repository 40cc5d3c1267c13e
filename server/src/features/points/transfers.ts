import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Members } from '../members/index.ts';

export interface Transfer {
  readonly transferId: string;
  readonly from: string;
  readonly to: string;
  readonly points: number;
  readonly reason: string;
}

interface TransferParts {
  readonly chance: Chance;
  readonly audit: Audit;
  readonly ledger: Ledger;
  readonly members: Members;
}

/** Moves points from one member to another; both must be active. */
export async function transferPoints(
  parts: TransferParts,
  tx: Tx,
  request: Omit<Transfer, 'transferId'>,
): Promise<Refused<Transfer>> {
  const { chance, audit, ledger, members } = parts;
  const { from, to, points } = request;
  if (from === to) return err(problem('invalid_fields', { fields: { '/to': 'This is the same member.' } }));
  const giver = await members.find(tx.db, from);
  if (!giver) return err(problem('not_found'));
  const receiver = await members.find(tx.db, to);
  if (!receiver) return err(problem('invalid_fields', { fields: { '/to': 'There is no such member.' } }));
  if (giver.state !== 'active' || receiver.state !== 'active') return err(problem('member_suspended'));
  const transfer = { ...request, transferId: newUlid({ nowMs: () => tx.at }, chance) };
  const moved = await ledger.transfer(tx, transfer);
  if (!moved.ok) return err(problem('insufficient_points', { facts: { missing: moved.error.missing } }));
  await audit.write(tx, 'points.transferred', `member:${from}`, { transferId: transfer.transferId, to, points });
  return ok(transfer);
}
