import { expect } from 'chai';
import fc from 'fast-check';
import { cardNumberOf, cardNumberSchema, cardUidSchema, isCardNumber } from '@tessera/shared/ids/card-number';
import { dammDigit } from '@tessera/shared/ids/damm';
import { groupMemberId, isMemberId, memberIdOf, memberIdSchema } from '@tessera/shared/ids/member-id';
import { MAX_AMOUNT } from '@tessera/shared/points';
import {
  kioskIdSchema,
  languageSchema,
  localisedSchema,
  pinSchema,
  pointsSchema,
  slotSchema,
} from '@tessera/shared/ids/schemas';
import { encodeUlid, newUlid, ulidSchema } from '@tessera/shared/ids/ulid';

/** Which of these values a schema takes. */
function taken<T>(schema: { safeParse(value: unknown): { success: boolean } }, values: readonly T[]): T[] {
  return values.filter((value) => schema.safeParse(value).success);
}

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
    const id = memberIdOf(100_000_000);
    const wrong = [
      '',
      '123',
      '0000000000',
      '12345678901',
      '12345 6789',
      '１２３４５６７８９０',
      `x${id}`,
      `${id}0`,
      `${id}x`,
    ];
    for (const text of wrong) {
      expect(isMemberId(text), text).to.equal(false);
      const parsed = memberIdSchema.safeParse(text);
      expect(parsed.error?.issues[0]?.message, text).to.equal('The member ID has a wrong digit.');
    }
    expect(taken(memberIdSchema, [id])).to.deep.equal([id]);
  });

  it('is made of nine digits alone', () => {
    expect([memberIdOf(100_000_000).slice(0, 9), memberIdOf(999_999_999).slice(0, 9)]).to.deep.equal([
      '100000000',
      '999999999',
    ]);
    for (const wrong of [99_999_999, 1_000_000_000, 100_000_000.5]) {
      expect(() => memberIdOf(wrong), String(wrong)).to.throw('serial has nine digits');
    }
  });

  it('has the check digit of H. M. Damm’s example', () => {
    expect([dammDigit('572'), dammDigit('5724'), dammDigit('')]).to.deep.equal([4, 0, 0]);
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
    expect(cardNumberOf(12_345_678_901_234)).to.equal('9123456789012348');
  });

  it('starts with a 9, and is refused in a longer text, with a sentence', () => {
    // 4539148803436467 has a right Luhn digit, and belongs to a bank.
    const wrong = ['4539148803436467', 'x9000000000000001', '9000000000000001x', '900000000000001', ''];
    expect(taken(cardNumberSchema, [...wrong, '9000000000000001'])).to.deep.equal(['9000000000000001']);
    expect(cardNumberSchema.safeParse('1').error?.issues[0]?.message).to.equal('The card number has a wrong digit.');
  });

  it('is made of serials of fourteen digits at most', () => {
    expect(cardNumberOf(99_999_999_999_999).slice(0, 15)).to.equal('999999999999999');
    for (const wrong of [-1, 1e14, 0.5]) {
      expect(() => cardNumberOf(wrong), String(wrong)).to.throw('serial has at most 14 digits');
    }
  });

  it('is read from chips of four to ten bytes, in upper-case hex', () => {
    const right = ['04A1B2C3', '04A1B2C3D4E5F6', '00112233445566778899'];
    const wrong = ['04A1B2', '0011223344556677889900', '04a1b2c3', '04A1B2C', 'x04A1B2C3', '04A1B2C3x'];
    expect(taken(cardUidSchema, [...wrong, ...right])).to.deep.equal(right);
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

  it('spells its chance in Crockford’s digits, five bytes at a time', () => {
    const bytes = Uint8Array.from([0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xfe]);
    expect(encodeUlid(0, bytes)).to.equal('000000000000000001ZZZZZZZY');
    expect(encodeUlid(32, Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))).to.equal('0000000010041061050R3GG28A');
    expect(encodeUlid(2 ** 48 - 1, new Uint8Array(10).fill(255))).to.equal('7ZZZZZZZZZZZZZZZZZZZZZZZZZ');
  });

  it('is made of a time that fits and ten bytes', () => {
    const bytes = new Uint8Array(10);
    for (const timeMs of [-1, 2 ** 48, 0.5]) {
      expect(() => encodeUlid(timeMs, bytes), String(timeMs)).to.throw('time fits 48 bits');
    }
    for (const length of [9, 11]) expect(() => encodeUlid(0, new Uint8Array(length))).to.throw('ten random bytes');
  });

  it('is fresh from clock and chance, also where the clock stands before 1970', () => {
    const chance = { bytes: (count: number) => new Uint8Array(count).fill(7) };
    expect(newUlid({ nowMs: () => 1_469_918_176_385 }, chance)).to.match(/^01ARYZ6S41/);
    expect(newUlid({ nowMs: () => -5 }, chance)).to.equal(encodeUlid(0, new Uint8Array(10).fill(7)));
  });

  it('is refused inside of a longer text', () => {
    const id = encodeUlid(0, new Uint8Array(10));
    expect(taken(ulidSchema, [id, `x${id}`, `${id}x`, `8${id.slice(1)}`, id.slice(1)])).to.deep.equal([id]);
  });
});

describe('small shapes', () => {
  it('take what they name, and nothing beside', () => {
    const id = `k${encodeUlid(0, new Uint8Array(10))}`;
    expect(taken(kioskIdSchema, [id, id.slice(1), `x${id}`, `${id}x`])).to.deep.equal([id]);
    expect(taken(slotSchema, [0, 1, 99, 100, 1.5])).to.deep.equal([1, 99]);
    expect(taken(pointsSchema, [-1, 0, MAX_AMOUNT, MAX_AMOUNT + 1, 0.5])).to.deep.equal([0, MAX_AMOUNT]);
    const pins = ['1234', '12345678', '123', '123456789', '12a4', 'x1234', '1234x'];
    expect(taken(pinSchema, pins)).to.deep.equal(['1234', '12345678']);
    expect(taken(languageSchema, ['zh', 'en', 'ar', 'de', ''])).to.deep.equal(['zh', 'en', 'ar']);
    const whole = { zh: '茶', en: 'tea', ar: 'شاي' };
    expect(taken(localisedSchema, [whole, { zh: '茶', en: 'tea' }, {}])).to.deep.equal([whole]);
    expect(localisedSchema.parse(whole)).to.deep.equal(whole);
  });
});
