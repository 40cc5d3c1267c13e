/** What accruals leave behind, parents before children, and the order in which their rows came. */
export const TABLES: readonly (readonly [table: string, order: string])[] = [
  ['accruals', 'accrual_id'],
  ['accrual_lines', 'accrual_id, line'],
  ['point_transactions', 'transaction_id'],
  ['point_lots', 'lot_id'],
  ['point_postings', 'transaction_id, line'],
  ['merchant_memberships', 'first_at'],
  ['earning_counters', 'last_at'],
  ['balances', 'member_id'],
  ['audit', 'seq'],
];

/** What must be there for references to hold; copied before the clock runs. */
export const PARENTS = ['industries', 'merchants', 'branches', 'terminals', 'members'];
