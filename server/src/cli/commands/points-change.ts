import { groupMemberId } from '@tessera/shared/ids/member-id';
import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../command.ts';
import { confirm } from '../confirm.ts';
import { dangerousOptions, day, dryRun, memberId, text, ulid, wholeNumber, yes } from '../inputs.ts';

const MOST = 1_000_000;
const reason = text('Say why: --reason TEXT.');

export const pointsTransfer: CommandSpec = defineCommand({
  name: 'points transfer',
  summary: 'move points from one member to another',
  about: 'Each lot keeps who issued it, its age and its expiry. What the other member owes is paid first.',
  examples: ['tessera points transfer 4821073956 --to 7730164921 --points 200 --reason "family" --data ./data'],
  reach: 'server',
  arguments: [{ name: 'memberId', about: 'who gives' }],
  options: [
    { flags: '--to <memberId>', about: 'who receives' },
    { flags: '--points <points>', about: 'how many' },
    { flags: '--reason <text>', about: 'why; it stands in both histories' },
    ...dangerousOptions,
  ],
  input: z.object({
    memberId,
    to: memberId,
    points: wholeNumber('Points are a whole number from 1 to 1000000.', 1, MOST),
    reason,
    dryRun,
    yes,
  }),
  async run(context, typed) {
    const api = context.api();
    if (!api.ok) return api;
    const { to, points } = typed;
    const names = [typed.memberId, to].map(groupMemberId);
    const sentence = `Moves ${String(points)} points from member ${names[0] ?? ''} to member ${names[1] ?? ''}.`;
    const asked = await confirm(context, { sentence, dryRun: typed.dryRun, yes: typed.yes });
    if (!asked.ok) return asked;
    if (asked.value !== undefined) return ok(asked.value);
    const path = `/v1/members/${typed.memberId}/transfers`;
    const body = { to, points, reason: typed.reason };
    const done = await api.value.post(path, z.looseObject({ transferId: z.string() }), body, context.newKey());
    return done.ok ? ok({ json: done.value, text: `Moved. Transfer ${done.value.transferId}.` }) : done;
  },
});

const adjustment = z.looseObject({ adjustmentId: z.string(), points: z.number(), state: z.string() });

const input = z
  .object({
    memberId,
    points: wholeNumber('Points are a whole number from -1000000 to 1000000.', -MOST, MOST).optional(),
    reason: reason.optional(),
    expires: day.optional(),
    confirm: ulid('adjustment').optional(),
    withdraw: ulid('adjustment').optional(),
    dryRun,
    yes,
  })
  .refine(
    (typed) =>
      [typed.points !== undefined && typed.reason !== undefined, typed.confirm, typed.withdraw].filter(Boolean)
        .length === 1,
    {
      message:
        'To propose, give --points N and --reason TEXT. To decide a proposal, give --confirm ID or --withdraw ID alone.',
      path: ['points'],
    },
  );

/** What would happen, and where to send it. */
function planOf(typed: z.output<typeof input>) {
  const base = `/v1/members/${typed.memberId}/point-adjustments`;
  const member = `member ${groupMemberId(typed.memberId)}`;
  if (typed.confirm !== undefined) {
    const sentence = `Confirms adjustment ${typed.confirm} of ${member}, for good.`;
    return { sentence, path: `${base}/${typed.confirm}/confirmation`, body: {} };
  }
  if (typed.withdraw !== undefined) {
    const sentence = `Withdraws adjustment ${typed.withdraw} of ${member}.`;
    return { sentence, path: `${base}/${typed.withdraw}/withdrawal`, body: {} };
  }
  const points = typed.points ?? 0;
  const what = points < 0 ? `take ${String(-points)} points from` : `give ${String(points)} points to`;
  const sentence = `Proposes to ${what} ${member}. Nothing moves before a second person confirms.`;
  const expiry = typed.expires === undefined ? {} : { expiresAt: typed.expires };
  return { sentence, path: base, body: { points, reason: typed.reason, ...expiry } };
}

export const pointsAdjust: CommandSpec = defineCommand({
  name: 'points adjust',
  summary: 'give or take points by hand, by two staff: propose, then confirm',
  about:
    'The one who proposes cannot confirm: run the second command with the other person’s --token. ' +
    'The operator’s token in the data folder may propose, never confirm: it is a file, not a person.',
  examples: [
    'tessera points adjust 4821073956 --points 50 --reason "till was offline on 12 May" --data ./data',
    'tessera points adjust 4821073956 --confirm 01JAB…9Z --url http://127.0.0.1:4100 --token "$SECOND_TOKEN"',
  ],
  reach: 'server',
  arguments: [{ name: 'memberId', about: 'whose points' }],
  options: [
    { flags: '--points <points>', about: 'so many more; with a minus, fewer' },
    { flags: '--reason <text>', about: 'why' },
    { flags: '--expires <day>', about: 'when points that are given expire (never)' },
    { flags: '--confirm <adjustmentId>', about: 'confirm what another person proposed' },
    { flags: '--withdraw <adjustmentId>', about: 'take a proposal back' },
    ...dangerousOptions,
  ],
  input,
  async run(context, typed) {
    const api = context.api();
    if (!api.ok) return api;
    const { sentence, path, body } = planOf(typed);
    const asked = await confirm(context, { sentence, dryRun: typed.dryRun, yes: typed.yes });
    if (!asked.ok) return asked;
    if (asked.value !== undefined) return ok(asked.value);
    const done = await api.value.post(path, adjustment, body, context.newKey());
    if (!done.ok) return done;
    const { adjustmentId, state } = done.value;
    const next = state === 'proposed' ? ` A second person confirms it with --confirm ${adjustmentId}.` : '';
    return ok({ json: done.value, text: `Adjustment ${adjustmentId} is ${state}.${next}` });
  },
});
