import { groupMemberId } from '@tessera/shared/ids/member-id';
import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../command.ts';
import { language, pin, text } from '../inputs.ts';
import { facts } from '../table.ts';

const member = z.looseObject({ memberId: z.string(), name: z.string() });

/** Six digits out of eight random bytes: so many that none is noticeably likelier. */
function freshPin(bytes: Uint8Array): string {
  const number = bytes.reduce((sum, byte) => (sum * 256 + byte) % 1_000_000, 0);
  return String(number).padStart(6, '0');
}

export const memberAdd: CommandSpec = defineCommand({
  name: 'member add',
  summary: 'add a member whom you know',
  about:
    'The address counts as proven, because you saw to it. A person who applies by themselves proves it by a code. ' +
    'Without --pin a PIN is made and shown once. Members are found by their member ID: ten digits, never reused.',
  examples: [
    'tessera member add --name "Wang Fang" --email wang@example.org --language zh --data ./data',
    'tessera member add --name "Sofia Marin" --phone +34600111222 --language en --pin 4821 --data ./data',
  ],
  reach: 'server',
  options: [
    { flags: '--name <name>', about: 'the person’s name' },
    { flags: '--language <code>', about: 'zh, en or ar (en)' },
    { flags: '--email <address>', about: 'where messages go' },
    { flags: '--phone <number>', about: 'or a telephone, in international form' },
    { flags: '--pin <digits>', about: 'four to eight digits' },
  ],
  input: z
    .object({
      name: text('A member needs a name of 1 to 80 characters.', 80),
      language: language.default('en'),
      email: z.email('This is not an e-mail address.').optional(),
      phone: z
        .string()
        .regex(/^\+[1-9][0-9]{6,14}$/, 'A telephone number looks like +8613800138000.')
        .optional(),
      pin: pin.optional(),
    })
    .refine((typed) => typed.email === undefined || typed.phone === undefined, {
      message: 'Give an e-mail address or a telephone number, not both.',
      path: ['phone'],
    }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const chosen = input.pin ?? freshPin(context.io.chance.bytes(8));
    const address =
      input.email === undefined
        ? input.phone === undefined
          ? {}
          : { address: { kind: 'phone', value: input.phone } }
        : { address: { kind: 'email', value: input.email } };
    const body = { name: input.name, language: input.language, ...address, pin: chosen };
    const answer = await api.value.post('/v1/members', member, body, context.newKey());
    if (!answer.ok) return answer;
    const { memberId } = answer.value;
    const shown = input.pin === undefined ? { pin: chosen } : {};
    return ok({
      json: { ...answer.value, ...shown },
      text: facts([
        ['member', answer.value.name],
        ['member ID', groupMemberId(memberId)],
        ['PIN', input.pin === undefined ? `${chosen}  (shown once)` : 'as given'],
      ]),
    });
  },
});
