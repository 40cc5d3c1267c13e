import { isBirthday } from '@tessera/server/features/earning/rules/calendar';
import { isInside } from '@tessera/server/features/earning/rules/conditions';
import type { Window } from '@tessera/server/features/earning/rules/rule';
import { isTimeZone, localTime } from '@tessera/server/platform/clock/local-time';
import { expect } from 'chai';
import fc from 'fast-check';
import { amount, earns, rule, told } from './support.ts';

describe('the wall clock of a merchant', () => {
  it('shows date, weekday and time of its zone', () => {
    const at = Date.UTC(2026, 0, 31, 23, 30);
    expect(localTime(at, 'UTC')).to.deep.equal({ date: '2026-01-31', weekday: 6, time: '23:30' });
    expect(localTime(at, 'Europe/Berlin')).to.deep.equal({ date: '2026-02-01', weekday: 7, time: '00:30' });
    expect(localTime(at, 'Asia/Kolkata')).to.deep.equal({ date: '2026-02-01', weekday: 7, time: '05:00' });
  });

  it('leaves out an hour in spring and has one twice in autumn', () => {
    const spring = Date.UTC(2026, 2, 29, 0, 59);
    expect(localTime(spring, 'Europe/Berlin').time).to.equal('01:59');
    expect(localTime(spring + 60_000, 'Europe/Berlin').time).to.equal('03:00');
    const autumn = Date.UTC(2026, 9, 25, 0, 30);
    expect(localTime(autumn, 'Europe/Berlin').time).to.equal('02:30');
    expect(localTime(autumn + 3_600_000, 'Europe/Berlin').time).to.equal('02:30');
  });

  it('agrees with the platform’s own words at any moment', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Shanghai',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    ];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), fc.constantFrom(...zones), (seconds, zone) => {
        const at = seconds * 1000;
        const words = new Date(at).toLocaleString('sv-SE', { timeZone: zone });
        const { date, time } = localTime(at, zone);
        expect(`${date} ${time}`).to.equal(words.slice(0, 16));
      }),
    );
  });

  it('is known by IANA names', () => {
    expect(['UTC', 'Asia/Shanghai'].every(isTimeZone)).to.equal(true);
    expect(['', 'Berlin', 'Europe/Atlantis'].some(isTimeZone)).to.equal(false);
  });
});

describe('a window', () => {
  const inside = (window: Window, weekday: number, time: string) => isInside(window, { date: '', weekday, time });

  it('counts its first minute and not its last', () => {
    const window = { from: '17:00', to: '19:00' };
    const times = ['16:59', '17:00', '18:59', '19:00'];
    expect(times.map((time) => inside(window, 3, time))).to.deep.equal([false, true, true, false]);
    expect(inside({ from: '17:00', to: '24:00' }, 3, '23:59')).to.equal(true);
  });

  it('that runs over midnight belongs to the day on which it began', () => {
    const friday = { weekdays: [5], from: '22:00', to: '02:00' };
    expect(inside(friday, 5, '22:00')).to.equal(true);
    expect(inside(friday, 6, '01:59')).to.equal(true);
    expect(inside(friday, 6, '22:00')).to.equal(false);
    expect(inside(friday, 5, '01:00')).to.equal(false);
    expect(inside({ weekdays: [7], from: '22:00', to: '02:00' }, 1, '01:00')).to.equal(true);
  });

  it('goes by the wall, not by the hours that passed', () => {
    const night = rule({ when: { window: { from: '02:00', to: '03:00' } }, gives: { kind: 'bonus', points: 1 } });
    const verdict = (at: number) => told(earns(amount(0), [night], { soldAt: at }))[1];
    // In spring there is no such hour, in autumn there are two.
    const spring = Date.UTC(2026, 2, 29);
    expect([0, 1, 2].map((hour) => verdict(spring + hour * 3_600_000))).to.not.include('fired');
    const autumn = Date.UTC(2026, 9, 25);
    expect([0, 1, 2].map((hour) => verdict(autumn + hour * 3_600_000))).to.deep.equal([
      'fired',
      'fired',
      'outside_window',
    ]);
  });

  it('and its complement share the week out, whatever they are', () => {
    const clock = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
    fc.assert(
      fc.property(clock, clock, clock, fc.integer({ min: 1, max: 7 }), (from, to, time, weekday) => {
        fc.pre(from !== to);
        expect(inside({ from, to }, weekday, time)).to.equal(!inside({ from: to, to: from }, weekday, time));
      }),
    );
  });
});

describe('a birthday', () => {
  it('is kept on its day, and of a leap day on 28 February in common years', () => {
    expect(isBirthday('2026-03-05', '03-05')).to.equal(true);
    expect(isBirthday('2028-02-29', '02-29')).to.equal(true);
    expect(isBirthday('2028-02-28', '02-29')).to.equal(false);
    expect(isBirthday('2026-02-28', '02-29')).to.equal(true);
    expect(isBirthday('2100-02-28', '02-29')).to.equal(true);
    expect(isBirthday('2026-02-28', '02-27')).to.equal(false);
  });

  it('is the merchant’s day or month', () => {
    const day = rule({ when: { birthday: 'day' }, gives: { kind: 'bonus', points: 1 } });
    const month = rule({ when: { birthday: 'month' }, gives: { kind: 'bonus', points: 1 } });
    const soldAt = Date.UTC(2026, 4, 31, 22, 30);
    const said = (birthday: string | null) => told(earns(amount(0), [day, month], { soldAt, birthday })).slice(1);
    expect(said('06-01')).to.deep.equal(['fired', 'fired']);
    expect(said('06-30')).to.deep.equal(['not_birthday', 'fired']);
    expect(said('05-31')).to.deep.equal(['not_birthday', 'not_birthday']);
    expect(said(null)).to.deep.equal(['not_birthday', 'not_birthday']);
  });
});
