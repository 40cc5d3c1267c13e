import { languageSchema } from '@tessera/shared/ids/schemas';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import { ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import { checkFields } from '../../platform/http/fields.ts';
import { line } from '../../platform/openapi/fields.ts';
import { accrueBody, type Accruals } from '../accrual/index.ts';
import { addressField, birthdayField, type Members } from '../members/index.ts';
import type { ImportKind } from './names.ts';

/** What became of one line: taken, or found to be there already. */
export interface Took {
  readonly repeated: boolean;
}

/** Takes one line in, inside its own command. A line that was taken before is told as repeated and has no second effect. */
export type TakeLine = (tx: Tx, document: unknown) => Promise<Refused<Took>>;

const merchant = z.object({ merchantId: ulidSchema });
const memberLine = z.strictObject({
  name: line(80),
  language: languageSchema,
  address: addressField,
  birthday: z.optional(birthdayField),
});

/** A sale as tills send it, with the merchant beside it: `{"merchantId": …, "member": …, "reference": …, …}`. */
const takeSale =
  (accruals: Accruals): TakeLine =>
  async (tx, document) => {
    const named = checkFields(merchant, document);
    if (!named.ok) return named;
    const { merchantId: _, ...rest } = document as Readonly<Record<string, unknown>>;
    const sale = checkFields(accrueBody, rest);
    if (!sale.ok) return sale;
    const till = { merchantId: named.value.merchantId, branchId: null, terminalId: null };
    return accruals.accrueOnce(tx, till, sale.value, 'whenever');
  };

/** A person whom another system knows already. Their address says who they are. */
const takeMember =
  (members: Members): TakeLine =>
  async (tx, document) => {
    const person = checkFields(memberLine, document);
    if (!person.ok) return person;
    const { birthday, ...member } = person.value;
    const added = await members.add(tx, { ...member, pinHash: null });
    if (!added.ok) return added.error.code === 'conflict' ? ok({ repeated: true }) : added;
    if (birthday === undefined) return ok({ repeated: false });
    const kept = await members.setBirthday(tx, added.value.member_id, birthday);
    return kept.ok ? ok({ repeated: false }) : kept;
  };

/** How each kind of line is taken in. */
export const takers = (parts: { accruals: Accruals; members: Members }): Record<ImportKind, TakeLine> => ({
  accruals: takeSale(parts.accruals),
  members: takeMember(parts.members),
});
