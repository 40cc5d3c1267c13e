import { localisedSchema, type Localised } from '@tessera/shared/ids/schemas';
import type { Selectable } from 'kysely';
import * as z from 'zod';
import type { BranchesTable, IndustriesTable } from '../../platform/database/schema/people.ts';
import { expiryField } from './schemas.ts';
import type { branchView, industryView, merchantView, terminalView } from './schemas.ts';
import type { MerchantRow, TerminalRow } from './service.ts';

const localised = (text: string): Localised => z.parse(localisedSchema, JSON.parse(text));

export const viewIndustry = (row: Selectable<IndustriesTable>): z.input<typeof industryView> => ({
  industryId: row.industry_id,
  name: localised(row.name),
  createdAt: row.created_at,
});

export const viewMerchant = (row: MerchantRow): z.input<typeof merchantView> => ({
  merchantId: row.merchant_id,
  name: row.name,
  industryId: row.industry_id,
  state: row.state,
  terms: row.terms,
  currency: row.currency,
  rate: { points: row.rate_points, perMinor: row.rate_per_minor },
  pointsValidDays: row.points_valid_days,
  timeZone: row.time_zone,
  pointsExpiry: row.points_expiry === null ? null : z.parse(expiryField, JSON.parse(row.points_expiry)),
  appliedAt: row.applied_at,
  signedAt: row.signed_at,
  activeAt: row.active_at,
  suspendedAt: row.suspended_at,
  leftAt: row.left_at,
});

export const viewBranch = (row: Selectable<BranchesTable>): z.input<typeof branchView> => ({
  branchId: row.branch_id,
  merchantId: row.merchant_id,
  name: row.name,
  address: row.address,
  createdAt: row.created_at,
});

export const viewTerminal = (row: TerminalRow): z.input<typeof terminalView> => ({
  terminalId: row.terminal_id,
  merchantId: row.merchant_id,
  branchId: row.branch_id,
  name: row.name,
  state: row.state,
  createdAt: row.created_at,
});
