import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import type * as z from 'zod';
import type { Db } from '../../platform/database/database.ts';
import { decodeCursor, encodeCursor, pageOf, pageQuery } from '../../platform/http/cursors.ts';
import { defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { Ledger } from '../ledger/index.ts';
import { balanceView, historyView, memberParams } from './schemas.ts';
import type { Members } from './service.ts';

const TAG = 'Members';

/** Doors to a member's points: the ledger answers, this only asks. */
export const pointsRoutes = (parts: { members: Members; ledger: Ledger; db: Db }): Route[] => [
  defineRoute({
    method: 'get',
    path: '/v1/members/{memberId}/balance',
    tag: TAG,
    summary: 'Points by account',
    roles: ['admin'],
    params: memberParams,
    answer: balanceView,
    refusals: ['not_found'],
    handle: async ({ params: { memberId } }) => {
      if (!(await parts.members.find(parts.db, memberId))) return err(problem('not_found'));
      return ok(await parts.ledger.balancesOf(parts.db, memberId));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/members/{memberId}/history',
    tag: TAG,
    summary: 'Point transactions, newest first',
    roles: ['admin'],
    params: memberParams,
    query: pageQuery,
    answer: pageOf(historyView),
    refusals: ['not_found'],
    handle: async ({ params: { memberId }, query: { limit, cursor } }) => {
      if (!(await parts.members.find(parts.db, memberId))) return err(problem('not_found'));
      const before = cursor === undefined ? {} : { before: decodeCursor(cursor) };
      const lines = await parts.ledger.history(parts.db, memberId, { limit: limit + 1, ...before });
      const items = transactionsOf(lines);
      const page = items.slice(0, limit);
      const last = page.at(-1);
      return ok({ items: page, nextCursor: items.length > limit && last ? encodeCursor(last.transactionId) : null });
    },
  }),
];

type Line = Awaited<ReturnType<Ledger['history']>>[number];
type Shown = z.input<typeof historyView>;

/** Joins the lines of each transaction; the lines come grouped. */
function transactionsOf(lines: readonly Line[]): Shown[] {
  const transactions = new Map<string, Shown>();
  for (const { account, points, lotId, holdId, purpose, ...head } of lines) {
    const known = transactions.get(head.transactionId);
    if (known) known.postings.push({ account, points, lotId });
    else {
      const held = {
        redemptionId: purpose === 'redemption' ? holdId : null,
        paymentId: purpose === 'payment' ? holdId : null,
      };
      transactions.set(head.transactionId, { ...head, ...held, postings: [{ account, points, lotId }] });
    }
  }
  return [...transactions.values()];
}
