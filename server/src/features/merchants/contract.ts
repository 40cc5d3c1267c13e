/** A merchant's way through the alliance. */
export const merchantStates = ['applied', 'signed', 'active', 'suspended', 'left'] as const;
export type MerchantState = (typeof merchantStates)[number];

/** Where a contract may go from where it is. `left` is the end: whoever comes back applies anew. */
const next: Readonly<Record<MerchantState, readonly MerchantState[]>> = {
  applied: ['signed', 'left'],
  signed: ['active', 'left'],
  active: ['suspended', 'left'],
  suspended: ['active', 'left'],
  left: [],
};

/** True where a contract may go from one state to another. */
export const mayMove = (from: MerchantState, to: MerchantState): boolean => next[from].includes(to);

/** The column that keeps when a state was last entered. */
export const dateOf = {
  applied: 'applied_at',
  signed: 'signed_at',
  active: 'active_at',
  suspended: 'suspended_at',
  left: 'left_at',
} as const satisfies Record<MerchantState, string>;
