import { splitByWeight, sum } from '@tessera/shared/points';
import { err, ok, type Result } from '@tessera/shared/result';
import { hindrance, isAbout } from './conditions.ts';
import { byRate, linesOf, outcome, perLine, type Grant, type RuleOutcome } from './grants.ts';
import { allowed, claimsOf, isResting, type Claim, type UsageOf } from './limits.ts';
import type { CapSpan, Effect, Pending, RuleVersion } from './rule.ts';
import type { Facts, Rate, Sale, SaleLine } from './sale.ts';

/** What a sale earned and why, as it is kept with the sale. */
export interface Decision {
  /** By the merchant's rate, or as the clerk typed them. */
  readonly base: { readonly points: number; readonly rate: Rate | null };
  /** Every rule that was in force, fired or not. */
  readonly rules: readonly RuleOutcome[];
  readonly points: number;
}

/** Points of one sale that have the same issuer and can be spent from the same time on. */
export interface LotPlan {
  readonly issuer: 'merchant' | 'operator';
  readonly pending: Pending | null;
  readonly points: number;
  /** What gave them: `rate:1/100`, `points`, `<ruleId>@<version>`. */
  readonly by: readonly string[];
}

export interface Decided {
  readonly decision: Decision;
  readonly lots: readonly LotPlan[];
  /** Of each line of the sale, in its order; they add up to the decision's points. */
  readonly linePoints: readonly number[];
  readonly claims: readonly Claim[];
}

/** A rule that bounds whole sales does not let this one through. */
export interface Refusal {
  readonly ruleId: string;
  readonly name: string;
  readonly cappedBy: CapSpan;
}

type Kind = Effect['kind'];
type Of<K extends Kind> = RuleVersion & { readonly definition: { readonly gives: Extract<Effect, { kind: K }> } };
const gives = <K extends Kind>(rule: RuleVersion, kind: K): rule is Of<K> => rule.definition.gives.kind === kind;

/** Decides what a sale earns. Pure: the same sale, rules, facts and usage give the same answer. */
export function decide(
  sale: Sale,
  facts: Facts,
  rules: readonly RuleVersion[],
  usageOf: UsageOf,
): Result<Decided, Refusal> {
  return new Deciding(sale, facts, usageOf).run(rules);
}

/** One decision under way: what has been given so far, and what was said about each rule. */
class Deciding {
  readonly #sale: Sale;
  readonly #facts: Facts;
  readonly #usageOf: UsageOf;
  readonly #lines: readonly SaleLine[];
  readonly #outcomes = new Map<string, RuleOutcome>();
  #grants: Grant[] = [];

  constructor(sale: Sale, facts: Facts, usageOf: UsageOf) {
    this.#sale = sale;
    this.#facts = facts;
    this.#usageOf = usageOf;
    this.#lines = linesOf(sale);
  }

  run(rules: readonly RuleVersion[]): Result<Decided, Refusal> {
    const ready = rules.filter((rule) => this.#isReady(rule));
    this.#giveBase(ready);
    const base = this.#grants;
    this.#giveExtra(ready, perLine(base, this.#lines.length));
    const limits = ready.filter((rule) => gives(rule, 'limit'));
    for (const rule of limits) {
      const refusal = this.#limit(rule);
      if (refusal) return err(refusal);
    }
    return ok(this.#decided(rules, limits));
  }

  #isReady(rule: RuleVersion): boolean {
    const { when, gives: effect } = rule.definition;
    const needsAmount = effect.kind === 'rate' || effect.kind === 'multiplier' || effect.kind === 'nothing';
    const hindered =
      hindrance(when, this.#sale, this.#facts) ??
      (needsAmount && 'points' in this.#sale ? 'no_amount' : undefined) ??
      (isResting(rule, this.#facts.soldAt, this.#usageOf) ? 'cooldown' : undefined);
    if (hindered) this.#say(outcome(rule, hindered));
    return hindered === undefined;
  }

  /** Rates, line by line: the first rule that is about a line and may still give, else the merchant's own. */
  #giveBase(ready: readonly RuleVersion[]): void {
    if ('points' in this.#sale) {
      const { points } = this.#sale;
      this.#grants = [{ rule: null, wanted: points, points, weights: [1] }];
      return;
    }
    const open = this.#lines.map(() => true);
    const take = (rule: RuleVersion) =>
      this.#lines.map((line, i) => open[i] === true && isAbout(rule.definition.when, line));
    const close = (mine: readonly boolean[]) => {
      for (const [index, isMine] of mine.entries()) if (isMine) open[index] = false;
    };
    for (const rule of ready.filter((each) => gives(each, 'nothing'))) {
      close(take(rule));
      this.#say(outcome(rule, 'fired'));
    }
    for (const rule of ready) {
      if (!gives(rule, 'rate')) continue;
      const mine = take(rule);
      const grant = this.#bounded(byRate(rule, rule.definition.gives, this.#lines, mine));
      if (grant === undefined) continue;
      close(mine);
      this.#grants.push(grant);
    }
    if (open.some(Boolean)) this.#grants.push(byRate(null, this.#facts.rate, this.#lines, open));
  }

  /** Multipliers of what the rates gave, and bonuses. Of rules that exclude each other only the best. */
  #giveExtra(ready: readonly RuleVersion[], base: readonly number[]): void {
    const best = new Map<string, Grant>();
    for (const rule of ready) {
      const wanted = this.#extraOf(rule, base);
      const grant = wanted && this.#bounded(wanted);
      if (!grant) continue;
      const group = rule.definition.bestOf ?? rule.ruleId;
      const rival = best.get(group);
      const loser = rival && (rival.points >= grant.points ? grant : rival);
      if (loser?.rule) this.#say(outcome(loser.rule, 'better_rule', { wanted: loser.wanted }));
      if (loser !== grant) best.set(group, grant);
    }
    this.#grants = [...this.#grants, ...best.values()];
  }

  #extraOf(rule: RuleVersion, base: readonly number[]): Grant | undefined {
    const { when, gives: effect } = rule.definition;
    const about = (amounts: readonly number[]) =>
      this.#lines.map((line, index) => (isAbout(when, line) ? (amounts[index] ?? 0) : 0));
    if (effect.kind === 'bonus') {
      const weights = about(this.#lines.map((line) => line.amountMinor));
      return { rule, wanted: effect.points, points: effect.points, weights };
    }
    if (effect.kind !== 'multiplier') return undefined;
    const weights = about(base);
    const wanted = Math.floor((sum(weights) * (effect.percent - 100)) / 100);
    return { rule, wanted, points: wanted, weights };
  }

  /** A grant as far as its rule's limits let it; undefined, and said why, where nothing is left. */
  #bounded(grant: Grant): Grant | undefined {
    const { rule } = grant;
    if (!rule) return grant;
    const { points, cappedBy } = allowed(rule, grant.wanted, this.#facts, this.#usageOf);
    const verdict = points > 0 ? 'fired' : cappedBy === undefined ? 'nothing_to_give' : 'cap_reached';
    this.#say(outcome(rule, verdict, { wanted: grant.wanted, points, cappedBy }));
    if (verdict === 'cap_reached') return undefined;
    if (verdict === 'nothing_to_give' && !gives(rule, 'rate')) return undefined;
    return { ...grant, points };
  }

  /** Bounds the whole sale: what is too much is taken from all grants alike. */
  #limit(rule: RuleVersion): Refusal | undefined {
    const wanted = this.#total();
    const { points, cappedBy, refused } = allowed(rule, wanted, this.#facts, this.#usageOf);
    if (refused && cappedBy !== undefined) return { ruleId: rule.ruleId, name: rule.name, cappedBy };
    this.#say(outcome(rule, wanted === 0 ? 'nothing_to_give' : 'fired', { wanted, points, cappedBy }));
    if (points === wanted) return undefined;
    const parts = splitByWeight(
      points,
      this.#grants.map((grant) => grant.points),
    );
    this.#grants = this.#grants.map((grant, index) => ({ ...grant, points: parts[index] ?? 0 }));
    return undefined;
  }

  #decided(rules: readonly RuleVersion[], limits: readonly RuleVersion[]): Decided {
    const { soldAt, timeZone } = this.#facts;
    const points = this.#total();
    for (const { rule, wanted, points: given } of this.#grants) {
      const said = rule && this.#outcomes.get(rule.ruleId);
      if (said && said.points !== given) this.#say({ ...said, wanted, points: given });
    }
    // A limit counts what the sale earned in the end, also where a later limit cut it further.
    for (const { ruleId } of limits) {
      const said = this.#outcomes.get(ruleId);
      if (said && said.points > points) this.#say({ ...said, points });
    }
    const fired = this.#grants.filter((grant) => grant.points > 0);
    const claims = [
      ...fired.flatMap(({ rule, points: given }) => (rule ? claimsOf(rule, given, soldAt, timeZone) : [])),
      ...(points > 0 ? limits.flatMap((rule) => claimsOf(rule, points, soldAt, timeZone)) : []),
    ];
    const own = this.#grants.find(({ rule }) => rule === null);
    const rate = 'points' in this.#sale ? null : this.#facts.rate;
    return {
      decision: {
        base: { points: own?.points ?? 0, rate },
        rules: rules.flatMap(({ ruleId }) => this.#outcomes.get(ruleId) ?? []),
        points,
      },
      lots: lotsOf(fired, rate),
      linePoints: perLine(fired, this.#lines.length),
      claims,
    };
  }

  #total(): number {
    return this.#grants.reduce((total, grant) => total + grant.points, 0);
  }

  #say(said: RuleOutcome): void {
    this.#outcomes.set(said.ruleId, said);
  }
}

/** What can be spent together becomes one lot. */
function lotsOf(grants: readonly Grant[], rate: Rate | null): LotPlan[] {
  const lots = new Map<string, LotPlan>();
  for (const { rule, points } of grants) {
    const issuer = rule?.definition.fundedBy ?? 'merchant';
    const pending = rule?.definition.pending ?? null;
    const own = rate ? `rate:${String(rate.points)}/${String(rate.perMinor)}` : 'points';
    const by = rule ? `${rule.ruleId}@${String(rule.version)}` : own;
    const key = `${issuer} ${pending === null ? '' : JSON.stringify(pending)}`;
    const known = lots.get(key);
    lots.set(key, { issuer, pending, points: points + (known?.points ?? 0), by: [...(known?.by ?? []), by] });
  }
  return [...lots.values()];
}
