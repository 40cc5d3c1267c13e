import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import type { Upload } from '../../client/api.ts';
import { defineCommand, type CommandSpec } from '../command.ts';
import { day, longText, text, ulid, wholeNumber } from '../inputs.ts';
import { facts } from '../table.ts';

const reward = z.looseObject({ rewardId: z.string(), picture: z.string().nullable() });

const mediaTypes: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
};

async function readPicture(file: string): Promise<Result<Upload, Problem>> {
  const type = mediaTypes[extname(file).toLowerCase()];
  if (type === undefined)
    return err(problem('malformed', { detail: '--picture takes an svg, png, webp or jpg file.' }));
  try {
    return ok({ type, bytes: Uint8Array.from(await readFile(file)) });
  } catch {
    return err(problem('malformed', { detail: `--picture ${file} cannot be read. Nothing was sent.` }));
  }
}

const nameIn = (what: string) => text(`Give the name in ${what}.`, 60);
const aboutText = longText('An about text has up to 400 characters.', 400).optional();

export const rewardAdd: CommandSpec = defineCommand({
  name: 'reward add',
  summary: 'add a gift with its price in points',
  about: 'A gift speaks all three languages. It is offered where a kiosk’s planogram names it and stock is there.',
  examples: [
    'tessera reward add --zh 茉莉花茶 --en "Jasmine tea" --ar "شاي الياسمين" --price 320 --picture tea.svg --data ./data',
    'tessera reward add --zh 雨伞 --en Umbrella --ar مظلة --price 860 --limit 1 --until 2027-03-31 --data ./data',
  ],
  reach: 'server',
  options: [
    { flags: '--zh <name>', about: 'its name in Chinese' },
    { flags: '--en <name>', about: 'its name in English' },
    { flags: '--ar <name>', about: 'its name in Arabic' },
    { flags: '--about-zh <text>', about: 'one sentence in Chinese' },
    { flags: '--about-en <text>', about: 'one sentence in English' },
    { flags: '--about-ar <text>', about: 'one sentence in Arabic' },
    { flags: '--price <points>', about: 'what it costs' },
    { flags: '--picture <file>', about: 'svg, png, webp or jpg' },
    { flags: '--limit <times>', about: 'how often one member may have it (any number)' },
    { flags: '--campaign <id>', about: 'the campaign whose limits hold for it too' },
    { flags: '--from <day>', about: 'first day it is offered, UTC (now)' },
    { flags: '--until <day>', about: 'day from which it is no longer offered, UTC (no end)' },
  ],
  input: z.object({
    zh: nameIn('Chinese'),
    en: nameIn('English'),
    ar: nameIn('Arabic'),
    aboutZh: aboutText,
    aboutEn: aboutText,
    aboutAr: aboutText,
    price: wholeNumber('A price is a whole number of points, at least 1.', 1, 1_000_000_000),
    picture: z.string().optional(),
    limit: wholeNumber('A limit is a whole number from 1.', 1, 1_000_000).optional(),
    campaign: ulid('campaign').optional(),
    from: day.optional(),
    until: day.optional(),
  }),
  async run(context, input) {
    const api = context.api();
    if (!api.ok) return api;
    const picture = input.picture === undefined ? undefined : await readPicture(input.picture);
    if (picture?.ok === false) return picture;
    const key = context.newKey();
    const body = {
      name: { zh: input.zh, en: input.en, ar: input.ar },
      about: { zh: input.aboutZh ?? '', en: input.aboutEn ?? '', ar: input.aboutAr ?? '' },
      price: input.price,
      ...(input.limit === undefined ? {} : { perMemberLimit: input.limit }),
      ...(input.campaign === undefined ? {} : { campaignId: input.campaign }),
      ...(input.from === undefined ? {} : { validFrom: input.from }),
      ...(input.until === undefined ? {} : { validUntil: input.until }),
    };
    const added = await api.value.post('/v1/rewards', reward, body, `${key}-reward`);
    if (!added.ok) return added;
    const path = `/v1/rewards/${added.value.rewardId}/picture`;
    const whole = picture === undefined ? added : await api.value.upload(path, reward, picture.value, `${key}-picture`);
    if (!whole.ok) return whole;
    return ok({
      json: whole.value,
      text: facts([
        ['gift', `${input.en} · ${input.zh} · ${input.ar}`],
        ['id', added.value.rewardId],
        ['price', `${String(input.price)} points`],
        ['picture', whole.value.picture],
      ]),
    });
  },
});
