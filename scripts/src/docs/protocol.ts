import type * as z from 'zod/mini';
import { cardUidSchema } from '@tessera/shared/ids/card-number';
import {
  kioskIdSchema,
  languageSchema,
  localisedSchema,
  pinSchema,
  pointsSchema,
  slotSchema,
} from '@tessera/shared/ids/schemas';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import { problemCatalogue, problemSchema } from '@tessera/shared/problem';
import {
  bookStateSchema,
  evidenceSchema,
  journalHeadSchema,
  kioskConfigSchema,
  outcomeSchema,
  planogramSchema,
  rewardViewSchema,
  serverKeySchema,
  slotViewSchema,
  vendStateSchema,
} from '@tessera/shared/protocol/kiosk-parts';
import {
  helloBodySchema,
  KIOSK_NAMESPACE,
  kioskExchanges,
  kioskPushes,
  memberViewSchema,
} from '@tessera/shared/protocol/kiosk';
import {
  giftSchema,
  intentSchema,
  offerSchema,
  prefsSchema,
  screenSchema,
  UI_NAMESPACE,
  uiExchanges,
  uiPushes,
} from '@tessera/shared/protocol/ui';
import { PROTOCOL_VERSIONS } from '@tessera/shared/protocol/version';
import { jsonOf, typeText, type Names } from './type-text.ts';

/** What has a name on these pages, small before large: a large one is written in the words of the small. */
const vocabulary: readonly (readonly [name: string, schema: z.core.$ZodType])[] = [
  ['Ulid', ulidSchema],
  ['KioskId', kioskIdSchema],
  ['CardUid', cardUidSchema],
  ['Pin', pinSchema],
  ['Slot', slotSchema],
  ['Points', pointsSchema],
  ['Language', languageSchema],
  ['Localised', localisedSchema],
  ['BookState', bookStateSchema],
  ['VendState', vendStateSchema],
  ['Outcome', outcomeSchema],
  ['JournalHead', journalHeadSchema],
  ['Evidence', evidenceSchema],
  ['SlotView', slotViewSchema],
  ['Planogram', planogramSchema],
  ['RewardView', rewardViewSchema],
  ['ServerKey', serverKeySchema],
  ['KioskConfig', kioskConfigSchema],
  ['MemberView', memberViewSchema],
  ['HelloBody', helloBodySchema],
  ['Gift', giftSchema],
  ['Offer', offerSchema],
  ['Prefs', prefsSchema],
  ['Screen', screenSchema],
  ['Intent', intentSchema],
  ['Problem', problemSchema],
];

/** Plain `string` has no name although a schema without a check would take it. */
const nameless = new Set(['{"type":"string"}', '{"type":"object"}']);

function nameAll(): Names {
  const names = new Map<string, string>();
  for (const [name, schema] of vocabulary) {
    const key = JSON.stringify(jsonOf(schema));
    if (!nameless.has(key) && !names.has(key)) names.set(key, name);
  }
  return names;
}

const names = nameAll();
const write = (schema: z.core.$ZodType): string => typeText(jsonOf(schema), names);

function writeVocabulary(): string {
  const lines = vocabulary.map(([name, schema]) => {
    const others = new Map([...names].filter(([, other]) => other !== name));
    return `type ${name} = ${typeText(jsonOf(schema), others)}`;
  });
  return ['```ts', ...lines, '```'].join('\n');
}

type Exchange = { readonly about: string; readonly request: z.core.$ZodType; readonly answer: z.core.$ZodType };

function writeExchanges(exchanges: Readonly<Record<string, Exchange>>): string {
  const chapters = Object.entries(exchanges).map(([event, { about, request, answer }]) =>
    [`### \`${event}\``, '', about, '', '```ts', `request ${write(request)}`, `answer  ${write(answer)}`, '```'].join(
      '\n',
    ),
  );
  return chapters.join('\n\n');
}

function writePushes(pushes: Readonly<Record<string, z.core.$ZodType>>): string {
  const lines = Object.entries(pushes).map(([event, schema]) => `${event} ${write(schema)}`);
  return ['```ts', ...lines, '```'].join('\n');
}

function writeProblems(): string {
  const rows = Object.entries(problemCatalogue).map(
    ([code, [status, title]]) => `| \`${code}\` | ${String(status)} | ${title} |`,
  );
  return ['| code | HTTP | what it tells the person |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The parts of docs/protocol.md that come from the schemas, by the name of their marker. */
export const protocolParts = (): Readonly<Record<string, string>> => ({
  versions: `This release speaks version ${PROTOCOL_VERSIONS.join(', ')}. Namespaces: \`${KIOSK_NAMESPACE}\` on the server, \`${UI_NAMESPACE}\` on the daemon.`,
  vocabulary: writeVocabulary(),
  'kiosk-exchanges': writeExchanges(kioskExchanges),
  'kiosk-pushes': writePushes(kioskPushes),
  'ui-exchanges': writeExchanges(uiExchanges),
  'ui-pushes': writePushes(uiPushes),
  problems: writeProblems(),
});
