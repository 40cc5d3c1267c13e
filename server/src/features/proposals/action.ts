import * as z from 'zod';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import { text } from '../../platform/openapi/fields.ts';

/** Why; both people and whoever reads the books later see it. */
const reason = text(500).min(1).describe('Why. The second person sees it, and the audit keeps it.');

/** What every proposal says beside its own fields. */
export interface Asked {
  readonly action: string;
  readonly reason: string;
}

/** One thing that takes two people, as the proposals see it. */
export interface Action {
  readonly action: string;
  readonly schema: z.core.$ZodTypeDiscriminable;
  /** Whom it is about; null for the whole alliance. */
  partyOf(asked: Asked): string | null;
  /** What can be refused at once, before the second person is troubled. */
  check(tx: Tx, asked: Asked): Promise<Refused<null>>;
  /** Moves the books, on the second person's word. */
  perform(tx: Tx, asked: Asked, proposalId: string): Promise<Refused<null>>;
}

/** Ties an action's schema to what it does. */
export function defineAction<Name extends string, Shape extends z.core.$ZodLooseShape>(
  action: Name,
  shape: Shape,
  does: {
    partyOf(asked: ActionBody<Name, Shape>): string | null;
    check(tx: Tx, asked: ActionBody<Name, Shape>): Promise<Refused<null>>;
    perform(tx: Tx, asked: ActionBody<Name, Shape>, proposalId: string): Promise<Refused<null>>;
  },
): Action {
  const schema = z.strictObject({ action: z.literal(action), reason, ...shape });
  const read = (asked: Asked) => z.parse(schema, asked) as ActionBody<Name, Shape>;
  return {
    action,
    schema,
    partyOf: (asked) => does.partyOf(read(asked)),
    check: (tx, asked) => does.check(tx, read(asked)),
    perform: (tx, asked, proposalId) => does.perform(tx, read(asked), proposalId),
  };
}

type ActionBody<Name extends string, Shape extends z.core.$ZodLooseShape> = {
  readonly action: Name;
  readonly reason: string;
} & z.output<z.ZodObject<Shape, z.core.$strict>>;
