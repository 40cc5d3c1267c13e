import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../command.ts';
import { memberId, text } from '../inputs.ts';
import { facts } from '../table.ts';

const card = z.looseObject({ cardNumber: z.string(), uid: z.string().nullable(), state: z.string() });

export const cardIssue: CommandSpec = defineCommand({
  name: 'card issue',
  summary: 'issue a card, and hand it to a member',
  about:
    'With --uid the card can be tapped at a kiosk (the reader gives the UID; the PIN is asked for). Without a member ' +
    'the card stays issued and opens nothing until it is activated.',
  examples: [
    'tessera card issue --member "4821 934 067" --uid 04A1B2C3D4E5F6 --data ./data',
    'tessera card issue --agent "Station shop" --data ./data',
  ],
  reach: 'server',
  options: [
    { flags: '--member <memberId>', about: 'who gets it; activates it at once' },
    { flags: '--uid <hex>', about: 'the UID of its chip, as the reader gives it' },
    { flags: '--kind <kind>', about: 'points, discount, … (points)' },
    { flags: '--agent <name>', about: 'who hands it out; kept with the card for good' },
  ],
  input: z.object({
    member: memberId.optional(),
    uid: z
      .string()
      .transform((typed) => typed.replaceAll(/[\s:]/g, '').toUpperCase())
      .refine((typed) => /^(?:[0-9A-F]{2}){4,10}$/.test(typed), 'A UID is 4 to 10 bytes in hex, e.g. 04A1B2C3D4E5F6.')
      .optional(),
    kind: text('A kind has 1 to 40 characters.', 40).default('points'),
    agent: text('An agent’s name has 1 to 80 characters.', 80).optional(),
  }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const key = context.newKey();
    const body = {
      kind: input.kind,
      ...(input.uid === undefined ? {} : { uid: input.uid }),
      ...(input.agent === undefined ? {} : { agent: input.agent }),
    };
    const issued = await api.value.post('/v1/cards', card, body, `${key}-issue`);
    if (!issued.ok) return issued;
    const { cardNumber } = issued.value;
    const done =
      input.member === undefined
        ? issued
        : await api.value.post(
            `/v1/cards/${cardNumber}/activation`,
            card,
            { memberId: input.member },
            `${key}-activate`,
          );
    if (!done.ok) return done;
    return ok({
      json: done.value,
      text: facts([
        ['card', cardNumber.replaceAll(/(.{4})(?=.)/g, '$1 ')],
        ['UID', done.value.uid],
        ['state', done.value.state],
        ['member', input.member],
      ]),
    });
  },
});
