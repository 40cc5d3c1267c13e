import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import { defineCommand, type CommandSpec } from '../command.ts';
import { confirm } from '../confirm.ts';
import { dangerousOptions, dryRun, kioskId, text, wholeNumber, yes } from '../inputs.ts';
import { facts, table, timeText } from '../table.ts';

const code = z.looseObject({ kioskId: z.string(), enrolmentCode: z.string(), expiresAt: z.number() });
const kiosk = z.looseObject({
  kioskId: z.string(),
  name: z.string(),
  state: z.string(),
  live: z.looseObject({ online: z.boolean(), screen: z.string().nullable(), lastSeenAt: z.number().nullable() }),
});

export const kioskEnrolCode: CommandSpec = defineCommand({
  name: 'kiosk enrol-code',
  summary: 'make the one-use code with which a kiosk enrols',
  about:
    'With --name a new kiosk is registered. With --kiosk a known one gets a new code: after a lost journal, a revoked ' +
    'device or an exchanged board. An older unused code of that kiosk stops working.',
  examples: [
    'tessera kiosk enrol-code --name "Central Station" --slots 8 --data ./data',
    'tessera kiosk enrol-code --kiosk k01JA…7Q --data ./data',
  ],
  reach: 'server',
  options: [
    { flags: '--name <name>', about: 'name of a new kiosk' },
    { flags: '--slots <number>', about: 'how many slots the new kiosk has (8)' },
    { flags: '--kiosk <kioskId>', about: 'a known kiosk' },
  ],
  input: z
    .object({
      name: text('A kiosk needs a name of 1 to 80 characters.', 80).optional(),
      slots: wholeNumber('A kiosk has 1 to 99 slots.', 1, 99).default(8),
      kiosk: kioskId.optional(),
    })
    .refine((typed) => (typed.name === undefined) !== (typed.kiosk === undefined), {
      message: 'Give either --name for a new kiosk or --kiosk for a known one.',
      path: ['name'],
    }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const key = context.newKey();
    const answer =
      input.kiosk === undefined
        ? await api.value.post('/v1/kiosks', code, { name: input.name, slots: input.slots }, key)
        : await api.value.post(`/v1/kiosks/${input.kiosk}/enrolment-codes`, code, {}, key);
    if (!answer.ok) return answer;
    return ok({
      json: answer.value,
      text: facts([
        ['kiosk', answer.value.kioskId],
        ['code', answer.value.enrolmentCode],
        ['works until', timeText(answer.value.expiresAt)],
      ]),
    });
  },
});

export const kioskList: CommandSpec = defineCommand({
  name: 'kiosk list',
  summary: 'list kiosks and how they are',
  about: 'Shows what each kiosk last said. A kiosk that is enrolled and not online needs a look.',
  examples: ['tessera kiosk list --data ./data', 'tessera kiosk list --json --url https://tessera.example --token …'],
  reach: 'server',
  input: z.object({}),
  async run(context) {
    const api = context.api();
    if (!api.ok) return api;
    const kiosks = await api.value.all('/v1/kiosks', kiosk);
    if (!kiosks.ok) return kiosks;
    const drawn = table(
      kiosks.value,
      [
        { title: 'kiosk', value: (row) => row.kioskId },
        { title: 'name', value: (row) => row.name },
        { title: 'state', value: (row) => row.state },
        { title: 'link', value: (row) => (row.live.online ? 'online' : 'offline') },
        { title: 'screen', value: (row) => row.live.screen },
        { title: 'last seen', value: (row) => timeText(row.live.lastSeenAt) },
      ],
      'No kiosk yet. Register one: tessera kiosk enrol-code --name NAME',
    );
    return ok({ json: { items: kiosks.value }, text: drawn });
  },
});

export const kioskRevoke: CommandSpec = defineCommand({
  name: 'kiosk revoke',
  summary: 'end a kiosk’s trust at once',
  about:
    'Its connection is closed and its key is worth nothing any more: for a stolen or copied device. Redemptions that ' +
    'are open there stay held until they are settled. A new code from "kiosk enrol-code --kiosk" brings it back.',
  examples: [
    'tessera kiosk revoke k01JA…7Q --reason "stolen" --data ./data',
    'tessera kiosk revoke k01JA…7Q --reason "stolen" --dry-run --data ./data',
  ],
  reach: 'server',
  arguments: [{ name: 'kioskId', about: 'the kiosk; "tessera kiosk list" shows them' }],
  options: [{ flags: '--reason <text>', about: 'why, for the record' }, ...dangerousOptions],
  input: z.object({ kioskId, reason: text('Say why: --reason TEXT.'), dryRun, yes }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const found = await api.value.get(`/v1/kiosks/${input.kioskId}`, kiosk);
    if (!found.ok) return found;
    const link = found.value.live.online ? 'online' : 'offline';
    const sentence = `Kiosk "${found.value.name}" (${found.value.state}, ${link}) will be revoked and serves nobody until it is enrolled again.`;
    const asked = await confirm(context, { sentence, dryRun: input.dryRun, yes: input.yes });
    if (!asked.ok) return asked;
    if (asked.value !== undefined) return ok(asked.value);
    const path = `/v1/kiosks/${input.kioskId}/revocation`;
    const done = await api.value.post(path, z.looseObject({}), { reason: input.reason }, context.newKey());
    return done.ok ? ok({ json: done.value, text: `Kiosk "${found.value.name}" is revoked.` }) : done;
  },
});
