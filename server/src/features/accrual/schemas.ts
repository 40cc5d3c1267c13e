import { memberIdSchema } from '@tessera/shared/ids/member-id';
import { ulidSchema } from '@tessera/shared/ids/ulid';
import * as z from 'zod';
import { atMs, currency, line } from '../../platform/openapi/fields.ts';

/** One sale's limit: a slip of the finger must not mint a fortune. */
const MAX_SALE_MINOR = 100_000_000;
const MAX_SALE_POINTS = 1_000_000;

const member = z.union([z.strictObject({ memberId: memberIdSchema }), z.strictObject({ qr: z.string().max(128) })]);
const reference = line(64).describe('The till’s own number of the sale. One merchant uses it once.');

export const accrueBody = z.union([
  z.strictObject({ member, reference, amountMinor: z.int().min(0).max(MAX_SALE_MINOR), currency }),
  z.strictObject({ member, reference, points: z.int().min(1).max(MAX_SALE_POINTS) }),
]);
export type AccrueBody = z.output<typeof accrueBody>;

export const accrualView = z
  .object({
    accrualId: ulidSchema,
    merchantId: ulidSchema,
    branchId: z.nullable(ulidSchema),
    terminalId: z.nullable(ulidSchema),
    memberId: memberIdSchema,
    reference: z.string(),
    amountMinor: z.int().nullable(),
    currency: z.string().nullable(),
    points: z.int(),
    createdAt: atMs,
  })
  .meta({ id: 'Accrual' });
export const accruedView = accrualView.extend({ maskedName: z.string(), available: z.int() });
