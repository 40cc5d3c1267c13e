import { bookStates } from '@tessera/shared/redemption/books';
import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../command.ts';
import { kioskId, memberId, ulid, wholeNumber } from '../inputs.ts';
import { facts, table, timeText } from '../table.ts';

const redemption = z.looseObject({
  redemptionId: z.string(),
  kind: z.string(),
  kioskId: z.string(),
  slot: z.number().nullable(),
  memberId: z.string().nullable(),
  price: z.number(),
  state: z.string(),
  createdAt: z.number(),
});
const event = z.looseObject({
  at: z.number(),
  event: z.string(),
  from: z.string(),
  to: z.string(),
  by: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
const resolution = z.looseObject({
  resolutionId: z.string(),
  outcome: z.string(),
  reason: z.string(),
  state: z.string(),
  proposedBy: z.string(),
});
export const redemptionDetail = redemption.extend({ events: z.array(event), resolutions: z.array(resolution) });

export const redemptionsList: CommandSpec = defineCommand({
  name: 'redemptions list',
  summary: 'list redemptions, newest first',
  about: `States: ${bookStates.filter((state) => state !== 'none').join(', ')}.`,
  examples: [
    'tessera redemptions list --state in_doubt --data ./data',
    'tessera redemptions list --kiosk k01JA…7Q --limit 20 --json --data ./data',
  ],
  reach: 'server',
  options: [
    { flags: '--state <state>', about: 'only those in this state' },
    { flags: '--kiosk <kioskId>', about: 'only those of this kiosk' },
    { flags: '--member <memberId>', about: 'only those of this member' },
    { flags: '--kind <kind>', about: 'walk_up or pickup' },
    { flags: '--limit <rows>', about: 'at most so many (50)' },
  ],
  input: z.object({
    state: z.enum(bookStates, `A state is one of ${bookStates.join(', ')}.`).optional(),
    kiosk: kioskId.optional(),
    member: memberId.optional(),
    kind: z.enum(['walk_up', 'pickup'], 'The kind is walk_up or pickup.').optional(),
    limit: wholeNumber('A limit is a whole number from 1 to 10000.', 1, 10_000).default(50),
  }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const query = { state: input.state, kioskId: input.kiosk, memberId: input.member, kind: input.kind };
    const rows = await api.value.all('/v1/redemptions', redemption, query, input.limit);
    if (!rows.ok) return rows;
    const drawn = table(
      rows.value,
      [
        { title: 'when', value: (row) => timeText(row.createdAt) },
        { title: 'redemption', value: (row) => row.redemptionId },
        { title: 'state', value: (row) => row.state },
        { title: 'kind', value: (row) => row.kind },
        { title: 'member', value: (row) => row.memberId },
        { title: 'points', value: (row) => row.price, right: true },
        { title: 'slot', value: (row) => row.slot, right: true },
        { title: 'kiosk', value: (row) => row.kioskId },
      ],
      'No redemption fits.',
    );
    return ok({ json: { items: rows.value }, text: drawn });
  },
});

/** `{slot: 3, reason: 'x'}` as `slot 3, reason x`. */
function detailText(detail: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(detail).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return words.join(', ').replaceAll('"', '');
}

/** What happened, as a table. */
function timelineText(events: readonly z.output<typeof event>[]): string {
  return table(
    events,
    [
      { title: 'at', value: (row) => timeText(row.at) },
      { title: 'event', value: (row) => row.event },
      { title: 'state', value: (row) => (row.from === row.to ? row.to : `${row.from} → ${row.to}`) },
      { title: 'by', value: (row) => row.by },
      { title: 'detail', value: (row) => detailText(row.detail) },
    ],
    'Nothing has happened yet.',
  );
}

export const redemptionsShow: CommandSpec = defineCommand({
  name: 'redemptions show',
  summary: 'show one redemption and what happened to it',
  about: 'The timeline names every change, who made it, and every word that contradicts the books.',
  examples: ['tessera redemptions show 01JAB…9Z --data ./data'],
  reach: 'server',
  arguments: [{ name: 'redemptionId', about: 'its reference' }],
  input: z.object({ redemptionId: ulid('redemption') }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get(`/v1/redemptions/${input.redemptionId}`, redemptionDetail);
    if (!found.ok) return found;
    const { events, resolutions, ...row } = found.value;
    const head = facts([
      ['redemption', row.redemptionId],
      ['state', row.state],
      ['kind', row.kind],
      ['kiosk', row.kioskId],
      ['slot', row.slot],
      ['member', row.memberId],
      ['points', row.price],
      ...resolutions.map(
        (one) => [`proposal ${one.resolutionId}`, `${one.outcome}, ${one.state}: ${one.reason}`] as const,
      ),
    ]);
    return ok({ json: found.value, text: `${head}\n\n${timelineText(events)}` });
  },
});
