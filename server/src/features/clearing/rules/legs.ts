import { OPERATOR, type MoneyAccount } from '../../../platform/database/schema/clearing.ts';
import { MILLION, type Portion, type Terms } from './terms.ts';

/** One line of a transaction before it is rounded. */
export interface Leg {
  readonly account: MoneyAccount;
  readonly party: string;
  readonly currency: string;
  /** The party on the other side, '' where there is none or more than one. */
  readonly counterparty: string;
  readonly points: number;
  /** Millionths of a minor unit, positive into the account. */
  readonly exact: bigint;
}

const worth = (points: number, price: number): bigint => BigInt(points) * BigInt(price);

const fee = (exact: bigint, currency: string): Leg => ({
  account: 'fee_income',
  party: OPERATOR,
  currency,
  counterparty: '',
  points: 0,
  exact,
});

/** What an issuer pays for its points, or with negative points gets back: the face goes to the fund, the rest is the fee. */
export function issueLegs({ issuer, terms, points }: Portion): Leg[] {
  const { currency, face, issue } = terms;
  return [
    {
      account: 'merchant:clearing',
      party: issuer,
      currency,
      counterparty: '',
      points: -points,
      exact: -worth(points, issue),
    },
    { account: 'points_fund', party: issuer, currency, counterparty: '', points, exact: worth(points, face) },
    fee(worth(points, issue - face), currency),
  ];
}

/** Who pays for burnt points: the fund that its issuer has filled, or the issuer itself now. */
function payerLeg({ issuer, terms, points }: Portion, counterparty: string): Leg {
  const { basis, currency, face, issue } = terms;
  const isFunded = basis === 'on_issue';
  return {
    account: isFunded ? 'points_fund' : 'merchant:clearing',
    party: issuer,
    currency,
    counterparty,
    points: -points,
    exact: -worth(points, isFunded ? face : issue),
  };
}

const paidFor = ({ basis, face, issue }: Terms): number => (basis === 'on_issue' ? face : issue);

/** What a burn moves, or with negative points the return of one: from whoever pays to the owner of the gift, less the fee. */
export function burnLegs(portions: readonly Portion[], beneficiary: string): Leg[] {
  return portions.flatMap((portion) => {
    const { issuer, terms, points } = portion;
    const { currency, redeem } = terms;
    return [
      payerLeg(portion, beneficiary),
      {
        account: 'merchant:clearing' as const,
        party: beneficiary,
        currency,
        counterparty: issuer,
        points,
        exact: worth(points, redeem),
      },
      fee(worth(points, paidFor(terms) - redeem), currency),
    ];
  });
}

/** What expires leaves the fund: the issuer's share goes back to it, the rest is the operator's. Unfunded points move nothing. */
export function expiryLegs({ issuer, terms, points }: Portion): Leg[] {
  const { basis, currency, face, issuerShare } = terms;
  if (basis === 'on_redeem') return [];
  const whole = worth(points, face);
  const back = (whole * BigInt(issuerShare)) / BigInt(MILLION);
  return [
    { account: 'points_fund', party: issuer, currency, counterparty: '', points: -points, exact: -whole },
    { account: 'merchant:clearing', party: issuer, currency, counterparty: '', points, exact: back },
    { account: 'breakage_income', party: OPERATOR, currency, counterparty: '', points: 0, exact: whole - back },
  ];
}

/**
 * Points of one lot that stand in for points of another rate which the fund had lent: the fund of those is filled again by
 * whoever pays for these. What two currencies or two faces leave between them is the operator's exchange.
 */
export function repayLegs(portion: Portion, lent: { readonly issuer: string; readonly terms: Terms }): Leg[] {
  const { terms, points } = portion;
  const exchange = (currency: string, exact: bigint): Leg => ({ ...fee(exact, currency), account: 'exchange' });
  const filled = worth(points, lent.terms.face);
  const asked = worth(points, terms.face);
  return [
    payerLeg(portion, lent.issuer),
    fee(worth(points, paidFor(terms) - terms.face), terms.currency),
    exchange(terms.currency, asked),
    {
      account: 'points_fund',
      party: lent.issuer,
      currency: lent.terms.currency,
      counterparty: portion.issuer,
      points,
      exact: filled,
    },
    exchange(lent.terms.currency, -filled),
  ];
}
