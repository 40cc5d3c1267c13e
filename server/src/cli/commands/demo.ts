import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import { seedDemo, type SeededAlliance } from '../../demo/seed.ts';
import { defineCommand, type CommandSpec } from '../command.ts';
import { wholeNumber } from '../inputs.ts';
import { facts, table } from '../table.ts';

function textOf(seeded: SeededAlliance): string {
  const staff = [seeded.admin, seeded.second].map(
    (admin) => [`sign in at /admin`, `${admin.login}  ${admin.password}`] as const,
  );
  const kiosks = seeded.kiosks.map(
    (kiosk) => [`kiosk ${kiosk.id}`, kiosk.enrolmentCode ?? 'enrolled already'] as const,
  );
  const members = table(
    seeded.members,
    [
      { title: 'member', value: (row) => row.memberId },
      { title: 'name', value: (row) => row.name },
      { title: 'pin', value: (row) => row.pin },
      { title: 'card uid', value: (row) => row.cardUid },
      { title: 'points', value: (row) => row.points, right: true },
    ],
    'no members',
  );
  return `${facts([...staff, ...kiosks])}\n\n${members}`;
}

export const demoSeed: CommandSpec = defineCommand({
  name: 'demo seed',
  summary: 'fill a demo server with an alliance to try',
  about:
    'Six merchants of six industries, eight members with PIN, card and points, eight gifts with pictures, and a kiosk ' +
    'with eight loaded slots. Works only on a server that was started with --demo. May be repeated: nothing is made twice.',
  examples: ['tessera demo seed --data ./data', 'tessera demo seed --data ./data --seed 7 --json'],
  reach: 'server',
  options: [{ flags: '--seed <number>', about: 'decides PINs and card UIDs (1)' }],
  input: z.object({ seed: wholeNumber('A seed is a whole number from 0 to 999999.', 0, 999_999).default(1) }),
  async run(context, { seed }) {
    const api = context.api();
    if (!api.ok) return api;
    const { clock, chance, fetch } = context.io;
    const seeded = await seedDemo(api.value, seed, { clock, chance, fetch, progress: context.progress });
    return seeded.ok ? ok({ json: seeded.value, text: textOf(seeded.value) }) : seeded;
  },
});
