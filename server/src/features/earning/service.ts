import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance, Clock } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Audit } from '../../platform/audit/audit.ts';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { setRuleRevision } from '../../platform/database/rule-revision.ts';
import type { Members } from '../members/index.ts';
import type { Merchants } from '../merchants/index.ts';
import type { Tiers } from '../tiers/index.ts';
import { RuleBook } from './rule-book.ts';
import { decide, type Decided } from './rules/decide.ts';
import { countersOf, type Claim, type CounterKey, type Usage } from './rules/limits.ts';
import { inForce, type Definition, type RuleVersion } from './rules/rule.ts';
import type { Facts, Sale } from './rules/sale.ts';
import * as store from './store.ts';
import { takeClaim } from './claims.ts';

export interface RuleDates {
  /** ms since the epoch; now where absent. */
  readonly startsAt?: number | undefined;
  readonly endsAt: number | null;
}

export interface NewRule extends RuleDates {
  /** Null for a rule of the whole alliance. */
  readonly merchantId: string | null;
  readonly name: string;
  readonly definition: Definition;
}

/** The member and merchant of a sale, as far as rules ask. */
export interface SaleFacts extends Omit<Facts, 'firstVisit' | 'tier'> {
  readonly merchantId: string;
  readonly memberId: string;
}

/** A decision, and the revision of the rules by which it was made: no two states of the rules have the same. */
export interface DecidedSale extends Decided {
  readonly revision: string;
}

interface EarningParts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly audit: Audit;
  readonly merchants: Merchants;
  readonly members: Members;
  readonly tiers: Tiers;
}

/** The largest number of points of one sale: a slip of the finger must not mint a fortune. */
const MAX_SALE_POINTS = 1_000_000_000;

/** Earning rules: who may change them, and what they say about a sale. */
export class Earning {
  readonly #parts: EarningParts;
  readonly #book = new RuleBook();

  constructor(parts: EarningParts) {
    this.#parts = parts;
  }

  /** Adds a rule. */
  async add(tx: Tx, rule: NewRule): Promise<Refused<store.RuleRow>> {
    const { merchantId, name, definition } = rule;
    if (merchantId !== null && !(await this.#parts.merchants.find(tx.db, merchantId))) {
      return err(problem('invalid_fields', { fields: { '/merchantId': 'There is no such merchant.' } }));
    }
    const ruleId = this.#newId();
    return this.#write(tx, { rule_id: ruleId, version: 1, merchant_id: merchantId, name }, definition, rule);
  }

  /** Adds the next version of a rule; until it starts the one before stays in force. */
  async change(
    tx: Tx,
    ruleId: string,
    change: RuleDates & { readonly name: string | undefined; readonly definition: Definition },
  ): Promise<Refused<store.RuleRow>> {
    const [last] = await store.versionsOf(tx.db, ruleId);
    if (!last) return err(problem('not_found'));
    if (last.starts_at > tx.at && (change.startsAt ?? tx.at) < last.starts_at) {
      const fields = { '/startsAt': 'A later version has been planned already; start no earlier than that.' };
      return err(problem('invalid_fields', { fields }));
    }
    const next = { ...last, version: last.version + 1, name: change.name ?? last.name };
    return this.#write(tx, next, change.definition, change);
  }

  /** Ends a rule at a time, now where none is given, by a last version. */
  async end(tx: Tx, ruleId: string, endsAt: number = tx.at): Promise<Refused<store.RuleRow>> {
    const [last] = await store.versionsOf(tx.db, ruleId);
    if (!last) return err(problem('not_found'));
    if (endsAt < tx.at) return err(inThePast('/endsAt'));
    const row = {
      ...last,
      version: last.version + 1,
      starts_at: Math.min(Math.max(tx.at, last.starts_at), endsAt),
      ends_at: endsAt,
    };
    return this.#insert(tx, row, 'earning_rule.ended');
  }

  /** Decides what a sale earns by the rules in force when it was sold; changes nothing. `drafts` take part as if they were in force. */
  async decide(
    db: Db,
    sale: Sale,
    about: SaleFacts,
    drafts: readonly RuleVersion[] = [],
  ): Promise<Result<DecidedSale, Problem>> {
    if (
      'amountMinor' in sale &&
      Math.floor(sale.amountMinor / about.rate.perMinor) * about.rate.points > MAX_SALE_POINTS
    )
      return err(problem('earning_limit_reached', { facts: { most: MAX_SALE_POINTS } }));
    const { revision, versions } = await this.#book.of(db, about.merchantId);
    const rules = [...inForce(versions, about.soldAt), ...drafts];
    const usage = await this.#usageOf(db, rules, about);
    const decided = decide(sale, await this.#factsOf(db, rules, about), rules, (key) => usage.get(nameOf(key)));
    if (decided.ok) return ok({ ...decided.value, revision });
    const { ruleId, name, cappedBy } = decided.error;
    return err(problem('earning_limit_reached', { detail: `The limit is “${name}”.`, facts: { ruleId, cappedBy } }));
  }

  /** Takes what a decision took of its limits. Part of the command that records the sale, and its first write. */
  async claim(tx: Tx, memberId: string, soldAt: number, claims: readonly Claim[]): Promise<void> {
    for (const claim of claims) await takeClaim(tx, memberId, soldAt, claim);
  }

  /** What of the member the rules ask for: nothing else is read. */
  async #factsOf(db: Db, rules: readonly RuleVersion[], about: SaleFacts): Promise<Facts> {
    const { merchantId, memberId, ...facts } = about;
    const { members, tiers } = this.#parts;
    const asksForVisit = rules.some(({ definition }) => definition.when.firstVisit);
    const asksForTier = rules.some(({ definition }) => definition.when.tiers);
    return {
      ...facts,
      firstVisit: asksForVisit && !(await members.hasVisited(db, { merchantId, memberId })),
      tier: asksForTier ? await tiers.codeOf(db, memberId) : null,
    };
  }

  async #usageOf(db: Db, rules: readonly RuleVersion[], about: SaleFacts): Promise<Map<string, Usage>> {
    const usage = new Map<string, Usage>();
    for (const key of rules.flatMap((rule) => countersOf(rule, about.soldAt, about.timeZone))) {
      const [row] =
        key.span === 'budget'
          ? await store.budgetOf(db, key)
          : await store.counterOf(db, { ...key, memberId: about.memberId });
      if (row) usage.set(nameOf(key), { points: row.points, times: row.times, lastAt: row.last_at });
    }
    return usage;
  }

  async #write(
    tx: Tx,
    rule: Pick<store.RuleRow, 'rule_id' | 'version' | 'merchant_id' | 'name'>,
    definition: Definition,
    { startsAt = tx.at, endsAt }: RuleDates,
  ): Promise<Refused<store.RuleRow>> {
    if (startsAt < tx.at) return err(inThePast('/startsAt'));
    if (endsAt !== null && endsAt <= startsAt) {
      return err(problem('invalid_fields', { fields: { '/endsAt': 'It ends before it begins.' } }));
    }
    const { rule_id, version, merchant_id, name } = rule;
    const row = {
      rule_id,
      version,
      merchant_id,
      name,
      definition: JSON.stringify(definition),
      starts_at: startsAt,
      ends_at: endsAt,
    };
    return this.#insert(tx, row, version === 1 ? 'earning_rule.added' : 'earning_rule.changed');
  }

  async #insert(
    tx: Tx,
    part: Omit<store.RuleRow, 'created_at' | 'created_by'>,
    action: 'earning_rule.added' | 'earning_rule.changed' | 'earning_rule.ended',
  ): Promise<Refused<store.RuleRow>> {
    const row = { ...part, created_at: tx.at, created_by: tx.actor };
    if (!(await store.insertVersion(tx.db, row))) return err(problem('conflict'));
    await setRuleRevision(tx.db, this.#newId());
    const { rule_id: ruleId, version, merchant_id: merchantId, name } = row;
    await this.#parts.audit.write(tx, action, `earning_rule:${ruleId}`, { version, merchantId, name });
    return ok(row);
  }

  #newId(): string {
    return newUlid(this.#parts.clock, this.#parts.chance);
  }
}

const nameOf = ({ ruleId, span }: CounterKey): string => `${ruleId} ${span}`;

const inThePast = (pointer: string): Problem =>
  problem('invalid_fields', { fields: { [pointer]: 'Rules are changed for the future only.' } });
