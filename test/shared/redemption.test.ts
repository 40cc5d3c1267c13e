import { expect } from 'chai';
import fc from 'fast-check';
import { advance, drawMachine, go, type MachineTable } from '@tessera/shared/machine';
import {
  bookEvents,
  books,
  bookStates,
  isOpen,
  type BookEffect,
  type BookState,
} from '@tessera/shared/redemption/books';
import { vend, vendEvents, vendStates, type VendEffect, type VendState } from '@tessera/shared/redemption/vend';

const runs = { numRuns: 2000 };

describe('the books of a redemption', () => {
  it('name every state × event pair, refusals with a reason', () => {
    for (const state of bookStates) {
      expect(Object.keys(books[state]).sort(), state).to.deep.equal([...bookEvents].sort());
      for (const event of bookEvents) {
        const step = advance(books, state, event);
        if (!step.ok) expect(step.error).to.match(/^[a-z_]+$/);
      }
    }
  });

  /** Walks a list of events and keeps what was done to points. */
  function walk(events: readonly (typeof bookEvents)[number][]): { path: BookState[]; done: BookEffect[] } {
    const path: BookState[] = ['none'];
    const done: BookEffect[] = [];
    for (const event of events) {
      const step = advance(books, path.at(-1) ?? 'none', event);
      if (!step.ok) continue;
      path.push(step.value.to);
      done.push(...step.value.effects);
    }
    return { path, done };
  }

  const anyEvents = fc.array(fc.constantFrom(...bookEvents), { maxLength: 30 });

  it('hold at most once, and end a hold exactly once: captured or released', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const { path, done } = walk(events);
        const count = (effect: BookEffect) => done.filter((other) => other === effect).length;
        const state = path.at(-1) ?? 'none';
        expect(count('hold')).to.be.at.most(1);
        expect(count('capture') + count('release')).to.equal(count('hold') === 1 && !isOpen(state) ? 1 : 0);
        expect(count('capture') === 1).to.equal(state === 'captured');
      }),
      runs,
    );
  });

  it('never leave an end', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const { path } = walk(events);
        for (const end of ['captured', 'released', 'refused'] as const) {
          const at = path.indexOf(end);
          if (at >= 0) expect(new Set(path.slice(at)).size).to.equal(1);
        }
      }),
      runs,
    );
  });

  it('release after vending only on proof: absence, a count, or two staff', () => {
    const proofs = new Set(['not_dropped', 'count_absent', 'staff_released']);
    for (const state of ['vending', 'vending_overdue', 'in_doubt'] as const) {
      for (const event of bookEvents) {
        const step = advance(books, state, event);
        if (step.ok && step.value.to === 'released') expect(proofs.has(event), `${state} ${event}`).to.equal(true);
      }
    }
  });

  it('never release by silence', () => {
    for (const state of bookStates) {
      for (const event of ['silence', 'doubt_due'] as const) {
        const step = advance(books, state, event);
        expect(step.ok && step.value.effects.includes('release'), state).to.equal(false);
      }
    }
  });

  it('open a discrepancy for every word of the kiosk that contradicts an end', () => {
    const contradictions = [
      ['captured', 'not_dropped'],
      ['released', 'dropped'],
      ['released', 'vending'],
      ['released', 'unknown'],
      ['refused', 'dropped'],
      ['captured', 'outcome_conflict'],
    ] as const;
    for (const [state, event] of contradictions) {
      const step = advance(books, state, event);
      expect(step.ok && step.value.effects.includes('discrepancy'), `${state} ${event}`).to.equal(true);
    }
  });
});

describe('the vend of a redemption', () => {
  function walk(events: readonly (typeof vendEvents)[number][]): { path: VendState[]; done: VendEffect[] } {
    const path: VendState[] = ['none'];
    const done: VendEffect[] = [];
    for (const event of events) {
      const step = advance(vend, path.at(-1) ?? 'none', event);
      if (!step.ok) continue;
      path.push(step.value.to);
      done.push(...step.value.effects);
    }
    return { path, done };
  }

  const anyEvents = fc.array(fc.constantFrom(...vendEvents), { maxLength: 40 });

  it('names every state × event pair', () => {
    for (const state of vendStates) {
      expect(Object.keys(vend[state]).sort(), state).to.deep.equal([...vendEvents].sort());
    }
  });

  it('energises at most once, whatever happens', () => {
    fc.assert(
      fc.property(anyEvents, (events) => walk(events).done.filter((effect) => effect === 'pulse').length <= 1),
      runs,
    );
  });

  it('writes before it pulses, notices or reports', () => {
    for (const state of vendStates) {
      for (const event of vendEvents) {
        const step = advance(vend, state, event);
        if (!step.ok || step.value.to === state) continue;
        expect(step.value.effects[0], `${state} ${event}`).to.equal('write');
      }
    }
  });

  it('ends a begun vend as unknown after a restart, and never starts it again', () => {
    expect(advance(vend, 'vending', 'restart')).to.deep.include({ ok: true });
    const step = advance(vend, 'vending', 'restart');
    expect(step.ok && step.value.to).to.equal('unknown');
    expect(advance(vend, 'unknown', 'start').ok).to.equal(false);
  });

  it('gives an unused pick-up code back, and a used one never', () => {
    const back = advance(vend, 'accepted', 'restart');
    expect(back.ok && back.value.to).to.equal('none');
    for (const state of ['vending', 'dropped', 'not_dropped', 'unknown', 'closed', 'abandoned'] as const) {
      expect(advance(vend, state, 'accept_code').ok, state).to.equal(false);
    }
  });
});

describe('the drawing of a machine', () => {
  it('has an arrow for each step that moves, and none for refusals', () => {
    const drawing = drawMachine(books);
    expect(drawing).to.match(/^stateDiagram-v2\n/);
    expect(drawing).to.include('held --> captured: dropped / capture, tell_captured');
    expect(drawing).not.to.include('already_held');
  });

  it('leaves out a step that stays and does nothing, and shows one that stays and does something', () => {
    const door: MachineTable<'open' | 'shut', 'push' | 'ring', 'click' | 'bell'> = {
      open: { push: go('shut', 'click', 'bell'), ring: go('open') },
      shut: { push: go('open'), ring: go('shut', 'bell') },
    };
    expect(drawMachine(door).split('\n')).to.deep.equal([
      'stateDiagram-v2',
      '  open --> shut: push / click, bell',
      '  shut --> open: push',
      '  shut --> shut: ring / bell',
    ]);
  });
});
