import type { Problem } from '@tessera/shared/problem';
import { ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec, type Context, type Output } from '../../command.ts';
import { confirm } from '../../confirm.ts';
import { dangerousOptions, dryRun, text, ulid, yes } from '../../inputs.ts';
import { table, timeText } from '../../table.ts';

const proposal = z.looseObject({
  proposalId: z.string(),
  action: z.string(),
  party: z.string().nullable(),
  reason: z.string(),
  state: z.string(),
  proposedBy: z.string(),
  proposedAt: z.number(),
});

export const reason = text('Say why: --reason TEXT.', 500);
export const reasonOption = { flags: '--reason <text>', about: 'why; the second person sees it' } as const;

/** Sends a proposal; nothing changes before a second person confirms it. */
export async function propose(
  context: Context,
  asked: { readonly action: string; readonly reason: string } & Readonly<Record<string, unknown>>,
): Promise<Result<Output, Problem>> {
  const api = context.api();
  if (!api.ok) return api;
  const made = await api.value.post('/v1/money-proposals', proposal, asked, context.newKey());
  if (!made.ok) return made;
  const { proposalId } = made.value;
  const next = `A second person confirms: tessera money confirm ${proposalId}`;
  return ok({ json: made.value, text: `Proposed. Nothing changes before it is confirmed.\n${next}` });
}

export const moneyProposals: CommandSpec = defineCommand({
  name: 'money proposals',
  summary: 'what waits for a second person',
  about: 'Changes of rates, terms, fees and books that one person has proposed, the newest first.',
  examples: ['tessera money proposals --data ./data', 'tessera money proposals --state confirmed --data ./data'],
  reach: 'server',
  options: [{ flags: '--state <state>', about: 'proposed, confirmed or rejected (proposed)' }],
  input: z.object({
    state: z
      .enum(['proposed', 'confirmed', 'rejected'], 'The state is proposed, confirmed or rejected.')
      .default('proposed'),
  }),
  async run(context, { state }) {
    const api = context.api();
    if (!api.ok) return api;
    const rows = await api.value.all('/v1/money-proposals', proposal, { state }, 200);
    if (!rows.ok) return rows;
    const drawn = table(
      rows.value,
      [
        { title: 'proposal', value: (row) => row.proposalId },
        { title: 'action', value: (row) => row.action },
        { title: 'about', value: (row) => row.party },
        { title: 'by', value: (row) => row.proposedBy },
        { title: 'at', value: (row) => timeText(row.proposedAt) },
        { title: 'why', value: (row) => row.reason },
      ],
      'Nothing waits.',
    );
    return ok({ json: { items: rows.value }, text: drawn });
  },
});

const decide = (word: 'confirm' | 'reject', door: 'confirmation' | 'rejection'): CommandSpec =>
  defineCommand({
    name: `money ${word}`,
    summary: word === 'confirm' ? 'confirm what another person proposed' : 'end a proposal without effect',
    about:
      word === 'confirm'
        ? 'It takes effect at once. The one who proposed cannot confirm, nor can the operator’s token: it is a file, not a person.'
        : 'Whoever proposed it may withdraw it so.',
    examples: [`tessera money ${word} 01JAB…9Z --url http://127.0.0.1:4100 --token "$SECOND_TOKEN"`],
    reach: 'server',
    arguments: [{ name: 'proposalId', about: 'as "tessera money proposals" shows it' }],
    options: [...dangerousOptions],
    input: z.object({ proposalId: ulid('proposal'), dryRun, yes }),
    async run(context, typed) {
      const api = context.api();
      if (!api.ok) return api;
      const sentence =
        word === 'confirm' ? 'This takes effect at once, for good.' : 'The proposal ends without effect.';
      const asked = await confirm(context, { sentence, dryRun: typed.dryRun, yes: typed.yes });
      if (!asked.ok) return asked;
      if (asked.value !== undefined) return ok(asked.value);
      const path = `/v1/money-proposals/${typed.proposalId}/${door}`;
      const done = await api.value.post(path, proposal, {}, context.newKey());
      return done.ok ? ok({ json: done.value, text: `${done.value.action}: ${done.value.state}.` }) : done;
    },
  });

export const moneyConfirm = decide('confirm', 'confirmation');
export const moneyReject = decide('reject', 'rejection');
