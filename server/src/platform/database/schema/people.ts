import type { Generated } from 'kysely';

/** A person who signs in. Two staff are two of these. */
export interface AdminsTable {
  admin_id: string;
  login: string;
  name: string;
  password_hash: string;
  role: 'admin';
  state: 'active' | 'disabled';
  created_at: number;
}

/** A bearer token, kept as SHA-256 only. `principal_id` is an admin's or a terminal's id. */
export interface TokensTable {
  token_hash: string;
  principal_kind: 'admin' | 'terminal';
  principal_id: string;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
}

export interface IndustriesTable {
  industry_id: string;
  /** Localised, as JSON. */
  name: string;
  created_at: number;
}

export interface MerchantsTable {
  merchant_id: string;
  industry_id: string;
  name: string;
  state: 'applied' | 'signed' | 'active' | 'suspended' | 'left';
  /** What was agreed, in words. */
  terms: string;
  currency: string;
  /** Earn rate: `rate_points` for every full `rate_per_minor` spent. */
  rate_points: number;
  rate_per_minor: number;
  /** How long points earned here are valid; null for ever. */
  points_valid_days: number | null;
  /** IANA name: days and hours of earning rules are counted by it. */
  time_zone: Generated<string>;
  /** A rule of expiry other than by days, as JSON; null where `points_valid_days` says it all. */
  points_expiry: string | null;
  applied_at: number;
  signed_at: number | null;
  active_at: number | null;
  suspended_at: number | null;
  left_at: number | null;
  /** Since when its sales issue no more points because it owes too much; null where they do. */
  issuing_suspended_at: number | null;
}

export interface BranchesTable {
  branch_id: string;
  merchant_id: string;
  name: string;
  address: string;
  created_at: number;
}

export interface TerminalsTable {
  terminal_id: string;
  merchant_id: string;
  branch_id: string | null;
  name: string;
  state: 'active' | 'revoked';
  created_at: number;
}

export interface MemberApplicationsTable {
  application_id: string;
  name: string;
  language: 'zh' | 'en' | 'ar';
  contact_kind: 'email' | 'phone';
  contact: string;
  code_hash: string;
  attempts: number;
  state: 'pending' | 'verified' | 'void';
  member_id: string | null;
  created_at: number;
  expires_at: number;
}

export interface MembersTable {
  member_id: string;
  name: string;
  language: 'zh' | 'en' | 'ar';
  state: 'active' | 'suspended' | 'closed';
  pin_hash: string | null;
  /** `MM-DD`, null where the member has not said: no year, since rules need none. */
  birthday: string | null;
  created_at: number;
}

/** Verified ways to reach a member; each belongs to one member only. */
export interface MemberAddressesTable {
  kind: 'email' | 'phone';
  value: string;
  member_id: string;
  verified_at: number;
}

/** Friends and family whom a member names, with their consent. */
export interface MemberContactsTable {
  contact_id: string;
  member_id: string;
  name: string;
  relation: string;
  kind: 'email' | 'phone' | 'messenger';
  value: string;
  consent: 'unknown' | 'given' | 'refused' | 'withdrawn';
  created_at: number;
  updated_at: number;
}

/** What a member did at one merchant, in one currency ('' where only points were given). */
export interface MerchantMembershipsTable {
  merchant_id: string;
  member_id: string;
  currency: string;
  visits: number;
  spend_minor: number;
  points: number;
  first_at: number;
  last_at: number;
}

/** The secret of a member's rotating QR; `last_step` rises by compare-and-set only. */
export interface CredentialsTable {
  credential_id: string;
  member_id: string;
  secret: Buffer;
  last_step: number;
  state: 'active' | 'revoked';
  created_at: number;
}

export interface CardsTable {
  card_number: string;
  /** RFID UID, upper-case hex. */
  uid: string | null;
  kind: string;
  state: 'issued' | 'active' | 'lost' | 'replaced' | 'blocked';
  member_id: string | null;
  agent: string | null;
  issued_at: number;
  activated_at: number | null;
  ended_at: number | null;
  /** The card that took this one's place. */
  replaced_by: string | null;
}

/** One purchase recorded at a terminal; `reference` is the till's own number and is used once a merchant. */
export interface AccrualsTable {
  accrual_id: string;
  merchant_id: string;
  branch_id: string | null;
  terminal_id: string | null;
  member_id: string;
  reference: string;
  amount_minor: number | null;
  currency: string | null;
  points: number;
  /** Why it earned so much, as JSON. */
  decision: string;
  /** When it was sold, which may be before it was recorded. */
  sold_at: number;
  /** Of its points, those that the operator gave. */
  operator_points: number;
  /** Of its points, those that count for tiers; null where it was decided before there were any. */
  qualifying_points: number | null;
  refunded_minor: Generated<number>;
  refunded_points: Generated<number>;
  /** Fingerprint of what the till sent: its reference with the same content is the same sale. */
  content: string;
  created_at: number;
}
