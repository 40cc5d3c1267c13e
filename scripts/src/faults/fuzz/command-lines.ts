import type { CommandSpec } from '@tessera/server/cli/command';
import * as fc from 'fast-check';
import { Known } from './from-schema.ts';

const known = (kind: string): fc.Arbitrary<unknown> => fc.nat({ max: 999 }).map((at) => new Known(kind, at));
const oftenRight = (right: readonly string[], wrong: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });
const numbers = oftenRight(['1', '2', '3', '5'], ['0', '-1', '99', '1000000', '1e3', '0x10', '9'.repeat(30), '٣']);
const words = fc.oneof(
  fc.constantFrom('', ' ', 'x'.repeat(500), '--', '-x', '--json', '\u202e', "'; drop table members"),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);

/** What the help asks for under these names, mostly right. */
const meant: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  memberId: known('memberId'),
  kioskId: known('kioskId'),
  redemptionId: known('redemptionId'),
  slot: oftenRight(['1', '2'], ['0', '99', 'one']),
  hex: oftenRight(['010063E9AE'], ['0', 'zz']),
  code: oftenRight(['zh', 'en', 'ar'], ['fr', 'EUR', '€']),
  day: oftenRight(['2026-12-31', '2027-01-01'], ['2026-02-30', '1999-01-01', '9999-99-99']),
  address: oftenRight(['a@b.example', '+491579910020'], ['nobody', '+']),
  digits: oftenRight(['4711', '123456'], ['12', '٤٧١١']),
  file: oftenRight(['/dev/null', 'package.json'], ['/nowhere/at/all.png', '.']),
  state: oftenRight(['in_doubt', 'captured'], ['lost']),
  name: oftenRight(['Lin', '礼物', 'مظلة', 'Umbrella'], ['<b>', '\u0000']),
  login: fc.nat({ max: 9_999 }).map((at) => `login${String(at)}`),
  outcome: oftenRight(['captured', 'released'], ['unknown']),
  kind: oftenRight(['walk_up', 'points'], ['nothing']),
};
const counts: ReadonlySet<string> = new Set([
  'quantity',
  'counted',
  'points',
  'times',
  'rows',
  'number',
  'minor',
  'pieces',
]);

const valueOf = (name: string): fc.Arbitrary<unknown> => {
  const right = meant[name] ?? (counts.has(name) ? numbers : words);
  return fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: words });
};

type Line = readonly unknown[];
const maybe = (part: fc.Arbitrary<Line>, freq: number): fc.Arbitrary<Line> => fc.option(part, { nil: [], freq });

/** `--price <points>` or `--yes`, as it may be typed. */
function optionOf(flags: string): fc.Arbitrary<Line> {
  const [, flag = '', value] = /^(--[a-z-]+)(?: <(.+)>)?$/.exec(flags) ?? [];
  if (value === undefined) return fc.constant([flag]);
  return fc.oneof(
    { weight: 12, arbitrary: valueOf(value).map((each) => [flag, each]) },
    { weight: 1, arbitrary: fc.constant([flag]) },
  );
}

/** One in so many options is left out. */
const SPARSE = 2;
const FULL = 12;

/** One command with what its own table names, some of it missing, doubled or wrong. */
function lineOf({ name, arguments: places = [], options = [] }: CommandSpec, freq: number): fc.Arbitrary<Line> {
  // Without its --yes nothing is revoked that later commands need.
  const safe = options.filter(({ flags }) => flags !== '--yes');
  const parts = [
    ...places.map((place) =>
      maybe(
        valueOf(place.name).map((each) => [each]),
        15,
      ),
    ),
    ...safe.map(({ flags }) => maybe(optionOf(flags), freq)),
    fc.oneof({ weight: 12, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: words.map((each) => [each]) }),
  ];
  return fc.tuple(...parts).map((words) => [...name.split(' '), ...words.flat()]);
}

/** Command lines of one command, with many of its options or with few. */
export const commandLines = (spec: CommandSpec): fc.Arbitrary<Line> =>
  fc.oneof(lineOf(spec, SPARSE), lineOf(spec, FULL));
