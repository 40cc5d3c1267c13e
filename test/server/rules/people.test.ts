import { isMemberId } from '@tessera/shared/ids/member-id';
import { mayMove, merchantStates } from '@tessera/server/features/merchants/contract';
import { drawBelow, drawCode, drawMemberId } from '@tessera/server/features/members/draws';
import { maskAddress, maskName } from '@tessera/server/features/members/masks';
import { wordsOf, type MessageKind } from '@tessera/server/features/messages/words';
import { expect } from 'chai';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';

const chance = { bytes: (count: number) => randomBytes(count) };

describe('masks', () => {
  it('show the first character of each word and nothing more', () => {
    expect(maskName('Wei Chen')).to.equal('W••• C•••');
    expect(maskName('陈伟')).to.equal('陈•••');
    expect(maskName('  لينا  ')).to.equal('ل•••');
    expect(maskAddress('email', 'maria@example.org')).to.equal('m•••@e•••.org');
    expect(maskAddress('phone', '+4915112345678')).to.equal('+49•••78');
  });

  it('never contain a word of two characters or more', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 2, unit: 'grapheme' }), { minLength: 1 }), (words) => {
        fc.pre(!words.join('').includes('•'));
        const masked = maskName(words.join(' '));
        for (const word of words.join(' ').split(/\s+/u)) if ([...word].length > 1) expect(masked).to.not.contain(word);
      }),
    );
  });
});

describe('draws', () => {
  it('give valid member IDs and six digits', () => {
    for (let draw = 0; draw < 500; draw += 1) {
      expect(isMemberId(drawMemberId(chance))).to.equal(true);
      expect(drawCode(chance)).to.match(/^[0-9]{6}$/);
    }
  });

  it('draw again what lies in the last, incomplete round', () => {
    const draws = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 7];
    const scripted = { bytes: (count: number) => Uint8Array.from(draws.splice(0, count)) };
    expect(drawBelow(1_000_000, scripted)).to.equal(7);
  });
});

describe('a merchant’s contract', () => {
  it('never leaves `left`, and never stays where it is', () => {
    for (const state of merchantStates) {
      expect(mayMove('left', state)).to.equal(false);
      expect(mayMove(state, state)).to.equal(false);
    }
  });
});

describe('words to members', () => {
  const facts = {
    rewardName: JSON.stringify({ zh: '茶', en: 'Tea', ar: 'شاي' }),
    points: 1300,
    kioskName: 'Lobby',
    redemptionId: 'R1',
    code: 'P1.x.y',
    expiresAt: Date.UTC(2026, 0, 2, 8, 30),
    minutes: 15,
  };
  const kinds: MessageKind[] = [
    'application_code',
    'redemption_captured',
    'redemption_released',
    'redemption_in_doubt',
    'pickup_ordered',
    'pickup_ended',
  ];

  for (const language of ['zh', 'en', 'ar'] as const) {
    it(`are whole in ${language}`, () => {
      for (const kind of kinds) {
        const { subject, body } = wordsOf(kind, language, facts);
        expect(`${subject} ${body}`).to.not.match(/undefined|NaN|\{|\$/);
        expect(subject.length).to.be.within(3, 60);
      }
    });
  }

  it('name the gift in the reader’s language', () => {
    expect(wordsOf('redemption_captured', 'zh', facts).subject).to.contain('茶');
    expect(wordsOf('redemption_captured', 'ar', facts).subject).to.contain('شاي');
    expect(wordsOf('pickup_ordered', 'en', facts).body).to.contain('2026-01-02 08:30 UTC');
  });

  it('say in every language that points are safe while in doubt', () => {
    expect(wordsOf('redemption_in_doubt', 'en', facts).body).to.contain('1,300 points are safe and on hold');
    expect(wordsOf('redemption_in_doubt', 'zh', facts).body).to.contain('积分安全冻结中');
  });
});
