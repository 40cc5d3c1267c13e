import { expect } from 'chai';
import fc from 'fast-check';
import { cardNumberOf, isCardNumber } from '@tessera/shared/ids/card-number';
import { groupMemberId, isMemberId, memberIdOf } from '@tessera/shared/ids/member-id';
import { encodeUlid, ulidSchema } from '@tessera/shared/ids/ulid';

const serial = fc.integer({ min: 100_000_000, max: 999_999_999 });

describe('member ID', () => {
  it('is made valid from every nine-digit serial', () => {
    fc.assert(fc.property(serial, (value) => isMemberId(memberIdOf(value))));
  });

  it('shows every single wrong digit', () => {
    const digit = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(serial, fc.integer({ min: 0, max: 9 }), digit, (value, at, wrong) => {
        const id = memberIdOf(value);
        fc.pre(id[at] !== String(wrong));
        return !isMemberId(id.slice(0, at) + String(wrong) + id.slice(at + 1));
      }),
    );
  });

  it('shows every swap of neighbours', () => {
    fc.assert(
      fc.property(serial, fc.integer({ min: 0, max: 8 }), (value, at) => {
        const id = memberIdOf(value);
        fc.pre(id[at] !== id[at + 1]);
        const swapped = `${id.slice(0, at)}${id.charAt(at + 1)}${id.charAt(at)}${id.slice(at + 2)}`;
        return !isMemberId(swapped);
      }),
    );
  });

  it('refuses what is not ten digits with a leading 1 to 9', () => {
    for (const text of ['', '123', '0000000000', '12345678901', '12345 6789', '１２３４５６７８９０']) {
      expect(isMemberId(text), text).to.equal(false);
    }
  });

  it('is grouped for people, finished or not', () => {
    expect(groupMemberId('1234567890')).to.equal('1234 567 890');
    expect(groupMemberId('12345')).to.equal('1234 5');
    expect(groupMemberId('')).to.equal('');
  });
});

describe('card number', () => {
  it('is sixteen digits with a Luhn check digit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999_999 }), (value) => isCardNumber(cardNumberOf(value))),
    );
  });

  it('agrees with the worked example of ISO/IEC 7812-1 style Luhn sums', () => {
    expect(cardNumberOf(0)).to.equal('9000000000000001');
    expect(isCardNumber('9000000000000002')).to.equal(false);
  });
});

describe('ULID', () => {
  it('encodes the example of its specification', () => {
    expect(encodeUlid(1469918176385, new Uint8Array(10)).slice(0, 10)).to.equal('01ARYZ6S41');
  });

  it('sorts as its time does, and is always of the right shape', () => {
    const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(time, time, bytes, bytes, (a, b, x, y) => {
        const [left, right] = [encodeUlid(a, x), encodeUlid(b, y)];
        expect(ulidSchema.safeParse(left).success).to.equal(true);
        return a === b || left < right === a < b;
      }),
    );
  });
});
