import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import type { Api } from '../../client/api.ts';
import { defineCommand, type CommandSpec, type Output } from '../command.ts';
import { confirm } from '../confirm.ts';
import { dangerousOptions, dryRun, text, ulid, yes } from '../inputs.ts';
import { redemptionDetail } from './redemptions.ts';

type Detail = z.output<typeof redemptionDetail>;

const input = z
  .object({
    redemptionId: ulid('redemption'),
    outcome: z.enum(['captured', 'released'], 'The outcome is captured or released.').optional(),
    reason: text('Say why: --reason TEXT.').optional(),
    confirm: z.boolean().optional(),
    dryRun,
    yes,
  })
  .refine((typed) => typed.confirm === true || (typed.outcome !== undefined && typed.reason !== undefined), {
    message:
      'To propose, give --outcome captured|released and --reason TEXT. To confirm another’s proposal, give --confirm.',
    path: ['outcome'],
  });

const meaning = {
  captured: 'the gift came out, the points are used',
  released: 'no gift came out, the points go back',
} as const;

/** What would happen, and where to send it. */
function plan(
  detail: Detail,
  typed: z.output<typeof input>,
): Result<{ sentence: string; path: string; body: unknown }, Problem> {
  const base = `/v1/redemptions/${detail.redemptionId}/resolutions`;
  const points = `${String(detail.price)} points of member ${detail.memberId ?? '?'}`;
  if (typed.confirm !== true) {
    const outcome = typed.outcome ?? 'released';
    const sentence = `Proposes for ${points}: ${meaning[outcome]}. Nothing moves before a second person confirms.`;
    return ok({ sentence, path: base, body: { outcome, reason: typed.reason } });
  }
  const open = detail.resolutions.find((one) => one.state === 'proposed');
  if (open === undefined) {
    return err(problem('conflict', { detail: 'Nobody has proposed anything that still waits for a confirmation.' }));
  }
  const said = open.outcome === 'captured' || open.outcome === 'released' ? meaning[open.outcome] : open.outcome;
  const sentence = `Confirms for ${points}, for good: ${said} (proposed by ${open.proposedBy}: “${open.reason}”).`;
  return ok({ sentence, path: `${base}/${open.resolutionId}/confirmation`, body: {} });
}

async function send(
  api: Api,
  planned: { path: string; body: unknown },
  key: string,
  confirmed: boolean,
): Promise<Result<Output, Problem>> {
  const answer = await api.post(planned.path, z.looseObject({}), planned.body, key);
  if (!answer.ok) return answer;
  return ok({
    json: answer.value,
    text: confirmed ? 'Confirmed.' : 'Proposed. A second person confirms with --confirm.',
  });
}

export const redemptionsResolve: CommandSpec = defineCommand({
  name: 'redemptions resolve',
  summary: 'end a doubt by two staff: propose, then confirm',
  about:
    'A blind count of the slot ("tessera stock count") is the better proof; use this where a count cannot tell. ' +
    'The one who proposes cannot confirm: run the second command with the other person’s --token. ' +
    'The operator’s token in the data folder may propose, never confirm: it is a file, not a person.',
  examples: [
    'tessera redemptions resolve 01JAB…9Z --outcome released --reason "gift still hangs in slot 3" --data ./data',
    'tessera redemptions resolve 01JAB…9Z --confirm --url http://127.0.0.1:4100 --token "$SECOND_TOKEN"',
  ],
  reach: 'server',
  arguments: [{ name: 'redemptionId', about: 'a redemption in doubt' }],
  options: [
    { flags: '--outcome <outcome>', about: 'captured (the gift came out) or released (it did not)' },
    { flags: '--reason <text>', about: 'what you saw' },
    { flags: '--confirm', about: 'confirm what another person proposed' },
    ...dangerousOptions,
  ],
  input,
  async run(context, typed) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get(`/v1/redemptions/${typed.redemptionId}`, redemptionDetail);
    if (!found.ok) return found;
    const planned = plan(found.value, typed);
    if (!planned.ok) return planned;
    const asked = await confirm(context, { sentence: planned.value.sentence, dryRun: typed.dryRun, yes: typed.yes });
    if (!asked.ok) return asked;
    if (asked.value !== undefined) return ok(asked.value);
    return send(api.value, planned.value, context.newKey(), typed.confirm === true);
  },
});
