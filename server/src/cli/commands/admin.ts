import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../command.ts';
import { text } from '../inputs.ts';
import { facts } from '../table.ts';

/** 16 random bytes as base64url: a password nobody has to think of. */
const freshPassword = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

const created = z.object({ id: z.string(), login: z.string() });

export const adminCreate: CommandSpec = defineCommand({
  name: 'admin create',
  summary: 'create a person who may run the alliance',
  about:
    'Some work needs two people: one proposes, another confirms. Create one login for each person. ' +
    'Without --password-stdin a strong password is made and shown once.',
  examples: [
    'tessera admin create --login wang --name "Wang Fang" --data ./data',
    'pass show tessera/wang | tessera admin create --login wang --password-stdin --data ./data',
  ],
  reach: 'server',
  options: [
    { flags: '--login <login>', about: 'what the person signs in with' },
    { flags: '--name <name>', about: 'the name shown to others; the login where absent' },
    { flags: '--password-stdin', about: 'read the password from standard input' },
  ],
  input: z.object({
    login: text('A login has 1 to 64 characters.', 64),
    name: text('A name has 1 to 80 characters.', 80).optional(),
    passwordStdin: z.boolean().optional(),
  }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const password =
      input.passwordStdin === true
        ? (await context.io.readInput()).replace(/\r?\n$/, '')
        : freshPassword(context.io.chance.bytes(16));
    const body = { login: input.login, name: input.name ?? input.login, password };
    const answer = await api.value.post('/v1/admins', created, body, context.newKey());
    if (!answer.ok) return answer;
    const shown = input.passwordStdin === true ? {} : { password };
    return ok({
      json: { ...answer.value, ...shown },
      text: facts([
        ['login', answer.value.login],
        ['id', answer.value.id],
        ['password', input.passwordStdin === true ? 'as given' : `${password}  (shown once)`],
      ]),
    });
  },
});
