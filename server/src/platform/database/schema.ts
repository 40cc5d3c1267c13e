import type * as campaigns from './schema/campaigns.ts';
import type * as clearing from './schema/clearing.ts';
import type * as earning from './schema/earning.ts';
import type * as files from './schema/exchange-files.ts';
import type * as kiosks from './schema/kiosks.ts';
import type * as ledger from './schema/ledger.ts';
import type * as people from './schema/people.ts';
import type * as payments from './schema/payments.ts';
import type * as platform from './schema/platform.ts';
import type * as redemptions from './schema/redemptions.ts';
import type * as settlement from './schema/settlement.ts';
import type * as tiers from './schema/tiers.ts';

/** Every table by its name. Times are ms since the epoch, amounts whole points or minor units, booleans 0 or 1, JSON is text. */
export interface Schema {
  meta: platform.MetaTable;
  server_keys: platform.ServerKeysTable;
  idempotency: platform.IdempotencyTable;
  audit: platform.AuditTable;
  audit_salts: platform.AuditSaltsTable;
  outbox: platform.OutboxTable;
  messages: platform.MessagesTable;
  jobs: platform.JobsTable;
  throttles: platform.ThrottlesTable;
  writers: platform.WritersTable;

  admins: people.AdminsTable;
  tokens: people.TokensTable;
  industries: people.IndustriesTable;
  merchants: people.MerchantsTable;
  branches: people.BranchesTable;
  terminals: people.TerminalsTable;
  member_applications: people.MemberApplicationsTable;
  members: people.MembersTable;
  member_addresses: people.MemberAddressesTable;
  member_contacts: people.MemberContactsTable;
  merchant_memberships: people.MerchantMembershipsTable;
  credentials: people.CredentialsTable;
  cards: people.CardsTable;
  accruals: people.AccrualsTable;

  point_transactions: ledger.PointTransactionsTable;
  point_postings: ledger.PointPostingsTable;
  balances: ledger.BalancesTable;
  point_lots: ledger.PointLotsTable;
  holds: ledger.HoldsTable;
  hold_lots: ledger.HoldLotsTable;
  point_adjustments: ledger.PointAdjustmentsTable;

  clearing_rates: clearing.ClearingRatesTable;
  clearing_parties: clearing.ClearingPartiesTable;
  clearing_lots: clearing.ClearingLotsTable;
  clearing_debts: clearing.ClearingDebtsTable;
  money_postings: clearing.MoneyPostingsTable;
  money_balances: clearing.MoneyBalancesTable;
  money_marks: clearing.MoneyMarksTable;
  money_proposals: clearing.MoneyProposalsTable;
  merchant_fees: clearing.MerchantFeesTable;
  fee_charges: clearing.FeeChargesTable;
  prepayments: clearing.PrepaymentsTable;

  settlement_runs: settlement.SettlementRunsTable;
  settlement_nets: settlement.SettlementNetsTable;
  settlement_payments: settlement.SettlementPaymentsTable;
  money_disputes: settlement.MoneyDisputesTable;

  payments: payments.PaymentsTable;
  payment_refunds: payments.PaymentRefundsTable;

  campaigns: campaigns.CampaignsTable;
  campaign_members: campaigns.CampaignMembersTable;
  campaign_takings: campaigns.CampaignTakingsTable;
  earning_rules: earning.EarningRulesTable;
  earning_counters: earning.EarningCountersTable;
  earning_budgets: earning.EarningBudgetsTable;
  accrual_lines: earning.AccrualLinesTable;
  accrual_refunds: earning.AccrualRefundsTable;

  tier_ladders: tiers.TierLaddersTable;
  tiers: tiers.TiersTable;
  tier_postings: tiers.TierPostingsTable;
  tier_standings: tiers.TierStandingsTable;
  tier_changes: tiers.TierChangesTable;

  imports: files.ImportsTable;
  import_refusals: files.ImportRefusalsTable;

  rewards: kiosks.RewardsTable;
  reward_uses: kiosks.RewardUsesTable;
  pictures: kiosks.PicturesTable;
  kiosks: kiosks.KiosksTable;
  enrolment_codes: kiosks.EnrolmentCodesTable;
  kiosk_slots: kiosks.KioskSlotsTable;
  planogram_versions: kiosks.PlanogramVersionsTable;
  stock_movements: kiosks.StockMovementsTable;
  stock_counts: kiosks.StockCountsTable;
  variances: kiosks.VariancesTable;

  kiosk_sessions: redemptions.KioskSessionsTable;
  redemptions: redemptions.RedemptionsTable;
  redemption_events: redemptions.RedemptionEventsTable;
  resolutions: redemptions.ResolutionsTable;
  discrepancies: redemptions.DiscrepanciesTable;
  pickups: redemptions.PickupsTable;
}
