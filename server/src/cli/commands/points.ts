import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../command.ts';
import { memberId, ulid, wholeNumber } from '../inputs.ts';
import { facts, table, timeText } from '../table.ts';

const transaction = z.looseObject({
  transactionId: z.string(),
  kind: z.string(),
  at: z.number(),
  reason: z.string(),
  redemptionId: z.string().nullable(),
  paymentId: z.string().nullable(),
  accrualId: z.string().nullable(),
  reference: z.string().nullable(),
  postings: z.array(z.looseObject({ account: z.string(), points: z.number() })),
});

const signed = (points: number): string => `${points > 0 ? '+' : ''}${String(points)}`;
const plain = (account: string): string => account.replace('member:', '');

export const pointsHistory: CommandSpec = defineCommand({
  name: 'points history',
  summary: 'list what happened to a member’s points, newest first',
  about: 'Every transaction with the accounts that it moved points between.',
  examples: ['tessera points history 4821073956 --data ./data', 'tessera points history 4821073956 --limit 10 --json'],
  reach: 'server',
  arguments: [{ name: 'memberId', about: 'ten digits' }],
  options: [{ flags: '--limit <rows>', about: 'at most so many (50)' }],
  input: z.object({
    memberId,
    limit: wholeNumber('A limit is a whole number from 1 to 10000.', 1, 10_000).default(50),
  }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const rows = await api.value.all(`/v1/members/${input.memberId}/history`, transaction, {}, input.limit);
    if (!rows.ok) return rows;
    const drawn = table(
      rows.value,
      [
        { title: 'when', value: (row) => timeText(row.at) },
        { title: 'kind', value: (row) => row.kind },
        {
          title: 'points',
          value: (row) => row.postings.map((each) => `${plain(each.account)} ${signed(each.points)}`).join(', '),
        },
        { title: 'about', value: (row) => row.redemptionId ?? row.paymentId ?? row.accrualId ?? row.reference },
        { title: 'reason', value: (row) => row.reason },
      ],
      'Nothing has happened yet.',
    );
    return ok({ json: { items: rows.value }, text: drawn });
  },
});

const lot = z.looseObject({
  lotId: z.string(),
  issuer: z.string().nullable(),
  rule: z.string(),
  earnedAt: z.number(),
  expiresAt: z.number().nullable(),
  points: z.number(),
  available: z.number(),
  pending: z.number(),
  vestAt: z.number().nullable(),
  vestOn: z.string().nullable(),
});

export const pointsLots: CommandSpec = defineCommand({
  name: 'points lots',
  summary: 'list a member’s lots in the order of burning',
  about: 'Points that were earned together expire together. Those that expire first are burnt first.',
  examples: ['tessera points lots 4821073956 --data ./data'],
  reach: 'server',
  arguments: [{ name: 'memberId', about: 'ten digits' }],
  input: z.object({ memberId }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get(`/v1/members/${input.memberId}/lots`, z.object({ items: z.array(lot) }));
    if (!found.ok) return found;
    const drawn = table(
      found.value.items,
      [
        { title: 'lot', value: (row) => row.lotId },
        { title: 'available', value: (row) => row.available, right: true },
        { title: 'pending', value: (row) => row.pending, right: true },
        { title: 'until', value: (row) => row.vestOn ?? (row.vestAt === null ? null : timeText(row.vestAt)) },
        { title: 'expires', value: (row) => (row.expiresAt === null ? 'never' : timeText(row.expiresAt)) },
        { title: 'earned', value: (row) => timeText(row.earnedAt) },
        { title: 'issuer', value: (row) => row.issuer ?? 'the operator' },
        { title: 'rule', value: (row) => row.rule },
      ],
      'This member has no points.',
    );
    return ok({ json: found.value, text: drawn });
  },
});

const named = z.looseObject({ merchantId: z.string(), name: z.string() }).nullable();
const explanation = z.looseObject({
  burnId: z.string(),
  purpose: z.string(),
  memberId: z.string(),
  beneficiary: named,
  state: z.string(),
  points: z.number(),
  captured: z.number(),
  returned: z.number(),
  owed: z.number(),
  parts: z.array(
    z.looseObject({
      points: z.number(),
      returned: z.number(),
      issuer: named,
      rule: z.string(),
      sale: z.looseObject({ reference: z.string(), createdAt: z.number() }).nullable(),
      lot,
    }),
  ),
  transactions: z.array(z.looseObject({ kind: z.string(), at: z.number(), by: z.string(), reason: z.string() })),
});

export const pointsExplain: CommandSpec = defineCommand({
  name: 'points explain',
  summary: 'say where the points of a redemption or a payment came from',
  about: 'Which lots, who issued them, by which rule and for which sale; and every transaction that moved them.',
  examples: ['tessera points explain 01JAB…9Z --data ./data'],
  reach: 'server',
  arguments: [{ name: 'burnId', about: 'a redemption or a payment' }],
  input: z.object({ burnId: ulid('redemption or payment') }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get(`/v1/burns/${input.burnId}`, explanation);
    if (!found.ok) return found;
    const { parts, transactions, ...burn } = found.value;
    const head = facts([
      [burn.purpose, burn.burnId],
      ['member', burn.memberId],
      ['paid to', burn.beneficiary?.name ?? 'the operator'],
      ['state', burn.state],
      ['points', `${String(burn.points)} held, ${String(burn.captured)} taken, ${String(burn.returned)} came back`],
      ['owed', burn.owed],
    ]);
    const lots = table(
      parts,
      [
        { title: 'points', value: (row) => row.points, right: true },
        { title: 'came back', value: (row) => row.returned, right: true },
        { title: 'issuer', value: (row) => row.issuer?.name ?? 'the operator' },
        { title: 'rule', value: (row) => row.rule },
        { title: 'sale', value: (row) => row.sale?.reference },
        { title: 'earned', value: (row) => timeText(row.lot.earnedAt) },
        { title: 'lot', value: (row) => row.lot.lotId },
      ],
      'No lot is part of it.',
    );
    const steps = table(
      transactions,
      [
        { title: 'at', value: (row) => timeText(row.at) },
        { title: 'kind', value: (row) => row.kind },
        { title: 'by', value: (row) => row.by },
        { title: 'reason', value: (row) => row.reason },
      ],
      'Nothing was booked for it.',
    );
    return ok({ json: found.value, text: `${head}\n\n${lots}\n\n${steps}` });
  },
});
