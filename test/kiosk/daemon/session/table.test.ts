import { session } from '@tessera/kiosk-daemon/session/table';
import { emptyData } from '@tessera/kiosk-daemon/session/data';
import { sessionEffects, sessionEvents, sessionStates } from '@tessera/kiosk-daemon/session/events';
import { screenOf } from '@tessera/kiosk-daemon/session/screen';
import { newSession, stepSession, type Session } from '@tessera/kiosk-daemon/session/step';
import { screenSchema } from '@tessera/shared/protocol/ui';
import { expect } from 'chai';
import fc from 'fast-check';
import { around, follow, note, path, samples, toConfirm } from '../support/session-walk.ts';

const walk = fc.array(fc.constantFrom(...sessionEvents), { maxLength: 200 });
const names = fc.constantFrom(...sessionEvents);

describe('session table', () => {
  it('names every state and every event once, and only effects that exist', () => {
    expect(Object.keys(session)).to.have.members([...sessionStates]);
    for (const state of sessionStates) {
      expect(Object.keys(session[state]), state).to.have.members([...sessionEvents]);
      for (const event of sessionEvents) {
        const transition = session[state][event];
        if ('refused' in transition) expect(transition.refused).to.match(/^[a-z_]+$/);
        else expect(sessionEffects).to.include.members([...transition.effects]);
      }
    }
  });

  it('reaches every state', () => {
    const reached = new Set<string>();
    let open: Session[] = [newSession];
    while (open.length > 0) {
      const [at, ...rest] = open as [Session, ...Session[]];
      open = rest;
      if (reached.has(at.state)) continue;
      reached.add(at.state);
      for (const name of sessionEvents) {
        const step = stepSession(at, samples[name]);
        if (step.ok) open.push(step.value.next);
      }
    }
    expect([...reached]).to.have.members([...sessionStates]);
  });

  it('draws a screen of the protocol after any walk, and a refused event changes nothing', () => {
    fc.assert(
      fc.property(walk, (events) => {
        follow(events, (at) => {
          const screen = screenOf(at, around);
          expect(screenSchema.safeParse(screen).success, screen.name).to.equal(true);
        });
      }),
    );
  });

  it('keeps nothing of a member on a screen that belongs to nobody', () => {
    fc.assert(
      fc.property(walk, (events) => {
        follow(events, (at) => {
          if (['attract', 'out_of_service', 'starting'].includes(at.state)) expect(at.data).to.deep.equal(emptyData);
        });
      }),
    );
  });

  it('never keeps a PIN', () => {
    fc.assert(
      fc.property(walk, (events) => {
        expect(JSON.stringify(follow(events))).to.not.include('1234"');
      }),
    );
  });

  it('lets a running redemption end by its own news alone', () => {
    const busy = [
      path(...toConfirm, 'confirm'),
      path(...toConfirm, 'confirm', 'authorised'),
      path(...toConfirm, 'confirm', 'authorised', 'phase'),
    ];
    expect(busy.map(({ state }) => state)).to.deep.equal(['authorising', 'preparing', 'vending']);
    const outside = [
      'end',
      'timeout',
      'back',
      'scan_member',
      'scan_pickup',
      'card',
      'service_lost',
      'begin',
      'confirm',
    ] as const;
    for (const at of busy) {
      for (const name of outside) expect(stepSession(at, samples[name]).ok, `${at.state} ${name}`).to.equal(false);
    }
  });

  it('starts a redemption only from a confirmed gift, once', () => {
    fc.assert(
      fc.property(walk, names, (events, name) => {
        const at = follow(events);
        const step = stepSession(at, samples[name]);
        if (step.ok && step.value.effects.includes('redeem')) {
          expect(at.state).to.equal('confirm');
          expect(name).to.equal('confirm');
          expect(at.data.member).to.not.equal(null);
        }
      }),
    );
  });

  it('shows the points left after a drop, held after a doubt, untouched after a failure', () => {
    const vending = [...toConfirm, 'confirm', 'authorised', 'phase'] as const;
    expect(path(...vending, 'dropped').data.member?.view.points).to.equal(600);
    expect(path(...vending, 'unknown').data.member?.view.points).to.equal(600);
    expect(path(...vending, 'not_dropped').data.member?.view.points).to.equal(900);
  });

  it('lets the member decide again at the new price', () => {
    const at = path(...toConfirm, 'confirm', 'refused_price');
    expect(at.state).to.equal('confirm');
    expect(screenOf(at, around)).to.deep.include({ pointsAfter: 550, note });
  });

  it('forgets the member who leaves a full tray, but not the gift', () => {
    const at = path(...toConfirm, 'confirm', 'authorised', 'dropped', 'end_tray_full');
    expect(screenOf(at, around)).to.deep.include({ name: 'take', pointsLeft: null, receiptTo: null, another: false });
  });

  it('leads a scan on the start screen straight to checking, a card to its PIN, a code to its check', () => {
    expect(path('scan_member').state).to.equal('checking');
    expect(path('card').state).to.equal('enter_pin_card');
    expect(path('scan_pickup').state).to.equal('pickup_checking');
    expect(follow(['service_lost', 'scan_pickup']).state).to.equal('pickup_checking');
    expect(follow(['service_lost', 'scan_member']).state).to.equal('out_of_service');
  });
});
