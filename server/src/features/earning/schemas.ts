import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';
import { atMs, line } from '../../platform/openapi/fields.ts';
import { contradictionsOf } from './rules/contradictions.ts';
import { capSpans } from './rules/rule.ts';
import { tierCode } from '../tiers/index.ts';

const MAX_POINTS = 1_000_000;
const MAX_RATE_POINTS = 1000;
const MAX_MINOR = 1_000_000_000;
const YEARS_10_HOURS = 87_600;

const count = (max: number) => z.int().min(1).max(max);
const code = line(64);

const clockTime = z.string().regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/, 'A time of day is written 17:30.');

const windowField = z
  .strictObject({
    weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).optional().describe('1 is Monday. Every day where absent.'),
    from: clockTime.describe('The first minute that counts.'),
    to: clockTime.or(z.literal('24:00')).describe('The first minute that does not count any more.'),
  })
  .refine(({ from, to }) => from !== to, 'A window does not begin and end in the same minute.')
  .describe('By the merchant’s wall clock. One that ends before it begins runs over midnight.');

const whenField = z
  .strictObject({
    minAmountMinor: count(MAX_MINOR).optional().describe('Of the lines that the rule is about.'),
    products: z.array(code).min(1).max(200).optional(),
    categories: z.array(code).min(1).max(50).optional(),
    industries: z.array(ulidSchema).min(1).max(50).optional().describe('For rules of the whole alliance.'),
    firstVisit: z.literal(true).optional(),
    birthday: z.enum(['day', 'month']).optional(),
    tiers: z.array(tierCode).min(1).max(20).optional().describe('For members who have one of these tiers.'),
    window: windowField.optional(),
  })
  .describe('All that is given must hold.');

const capField = z.union([
  z.strictObject({
    per: z.enum(capSpans),
    points: count(1_000_000_000_000),
    beyond: z.enum(['truncate', 'refuse']).describe('Give what is left, or nothing.'),
  }),
  z.strictObject({ per: z.enum(capSpans), times: count(1_000_000_000) }),
]);

const effectField = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rate'), points: z.int().min(0).max(MAX_RATE_POINTS), perMinor: count(MAX_POINTS) }),
  z.strictObject({ kind: z.literal('multiplier'), percent: z.int().min(101).max(10_000) }),
  z.strictObject({ kind: z.literal('bonus'), points: count(MAX_POINTS) }),
  z.strictObject({ kind: z.literal('nothing') }),
  z.strictObject({ kind: z.literal('limit') }),
]);

const pendingField = z
  .union([
    z.strictObject({ days: count(3650) }),
    z.strictObject({ until: atMs }),
    z.strictObject({ event: line(64).describe('Named by whoever tells it, e.g. `course-finished`.') }),
  ])
  .describe('Its points may be spent so many days later, from a moment on, or after an event.');

/** What a rule says. */
export const definitionField = z
  .strictObject({
    when: whenField.default({}),
    gives: effectField,
    caps: z.array(capField).max(10).default([]),
    cooldownHours: count(YEARS_10_HOURS).optional(),
    pending: pendingField.optional(),
    bestOf: code.optional().describe('Of rules with the same name here only the one that gives most fires.'),
    fundedBy: z.enum(['merchant', 'operator']).default('merchant').describe('Whose points they are.'),
    priority: z.int().min(-1000).max(1000).default(0).describe('The higher goes first.'),
  })
  .superRefine((definition, context) => {
    for (const { path, message } of contradictionsOf(definition))
      context.addIssue({ code: 'custom', path: [path], message });
  })
  .meta({ id: 'EarningRuleDefinition' });

/** Reads a definition as it is stored. */
export const readDefinition = (text: string): z.output<typeof definitionField> =>
  z.parse(definitionField, JSON.parse(text));

const dates = {
  startsAt: atMs.optional().describe('From when on it is in force; now where absent. Never in the past.'),
  endsAt: atMs.nullable().default(null),
};

export const addRuleBody = z.strictObject({
  merchantId: z.nullable(ulidSchema).describe('Null for a rule of the whole alliance.'),
  name: line(120),
  definition: definitionField,
  ...dates,
});
export const addVersionBody = z.strictObject({ name: line(120).optional(), definition: definitionField, ...dates });
export const endRuleBody = z
  .strictObject({ endsAt: atMs.optional() })
  .describe('Now where no time is given. What was earned stays earned.');

export const ruleView = z
  .object({
    ruleId: ulidSchema,
    version: z.int(),
    merchantId: z.nullable(ulidSchema),
    name: z.string(),
    definition: definitionField,
    startsAt: atMs,
    endsAt: atMs.nullable(),
    createdAt: atMs,
    createdBy: z.string(),
  })
  .meta({ id: 'EarningRule' });

export const ruleWithUse = ruleView.extend({
  given: z.object({ points: z.int(), times: z.int() }).describe('Counted where the rule has a budget.'),
  versions: z.array(ruleView),
});

const verdicts = [
  'fired',
  'no_amount',
  'other_industry',
  'other_products',
  'amount_too_small',
  'not_first_visit',
  'not_birthday',
  'other_tier',
  'outside_window',
  'cooldown',
  'cap_reached',
  'better_rule',
  'nothing_to_give',
] as const;

/** A decision as it is kept with a sale and shown. */
export const decisionView = z
  .object({
    base: z.object({
      points: z.int(),
      rate: z.object({ points: z.int(), perMinor: z.int() }).nullable().describe('Null where points were typed.'),
    }),
    rules: z.array(
      z.object({
        ruleId: ulidSchema,
        version: z.int(),
        name: z.string(),
        gives: z.enum(['rate', 'multiplier', 'bonus', 'nothing', 'limit']),
        verdict: z.enum(verdicts),
        wanted: z.int().describe('Before limits.'),
        points: z.int(),
        cappedBy: z.enum(capSpans).optional(),
      }),
    ),
    points: z.int(),
  })
  .meta({ id: 'EarningDecision' });
