import { expect } from 'chai';
import { bookEvents, books, bookStates, isOpen, type BookState } from '@tessera/shared/redemption/books';
import { vend, vendEvents, vendStates, type VendState } from '@tessera/shared/redemption/vend';
import { answersIn } from './support/answers-in.ts';

/**
 * The two tables of a redemption, written down a second time in the other direction: what each state says to which events.
 * Whoever changes a table has to mean it twice.
 */
const booksSay: Readonly<Record<BookState, readonly string[]>> = {
  none: [
    'authorise → held / hold',
    'refuse abandon not_dropped never_requested journal_lost → refused',
    'vending dropped unknown outcome_conflict revoked silence doubt_due refused: unknown_redemption',
    'count_fell count_absent staff_captured staff_released refused: not_in_doubt',
  ],
  held: [
    'authorise → held',
    'refuse refused: already_held',
    'abandon not_dropped never_requested revoked → released / release, tell_released',
    'vending → vending',
    'dropped → captured / capture, tell_captured',
    'unknown journal_lost → in_doubt / doubt',
    'outcome_conflict refused: no_outcome_yet',
    'silence → held_overdue',
    'doubt_due refused: not_overdue',
    'count_fell count_absent staff_captured staff_released refused: not_in_doubt',
  ],
  held_overdue: [
    'authorise → held_overdue',
    'refuse refused: already_held',
    'abandon not_dropped never_requested revoked → released / release, tell_released',
    'vending → vending_overdue',
    'dropped → captured / capture, tell_captured',
    'unknown journal_lost doubt_due → in_doubt / doubt',
    'outcome_conflict refused: no_outcome_yet',
    'silence refused: already_overdue',
    'count_fell count_absent staff_captured staff_released refused: not_in_doubt',
  ],
  vending: [
    'authorise vending → vending',
    'refuse refused: already_held',
    'abandon revoked refused: a_drop_is_possible',
    'dropped → captured / capture, tell_captured',
    'not_dropped → released / release, tell_released',
    'unknown never_requested journal_lost → in_doubt / doubt',
    'outcome_conflict refused: no_outcome_yet',
    'silence → vending_overdue',
    'doubt_due refused: not_overdue',
    'count_fell count_absent staff_captured staff_released refused: not_in_doubt',
  ],
  vending_overdue: [
    'authorise vending → vending_overdue',
    'refuse refused: already_held',
    'abandon revoked refused: a_drop_is_possible',
    'dropped → captured / capture, tell_captured',
    'not_dropped → released / release, tell_released',
    'unknown never_requested journal_lost doubt_due → in_doubt / doubt',
    'outcome_conflict refused: no_outcome_yet',
    'silence refused: already_overdue',
    'count_fell count_absent staff_captured staff_released refused: not_in_doubt',
  ],
  in_doubt: [
    'authorise vending unknown never_requested journal_lost → in_doubt',
    'refuse refused: already_held',
    'abandon revoked refused: a_drop_is_possible',
    'dropped count_fell staff_captured → captured / capture, tell_captured',
    'not_dropped count_absent staff_released → released / release, tell_released',
    'outcome_conflict → in_doubt / discrepancy',
    'silence doubt_due refused: already_in_doubt',
  ],
  captured: [
    'authorise vending dropped unknown → captured',
    'refuse never_requested journal_lost revoked silence doubt_due count_fell count_absent refused: ended',
    'abandon not_dropped outcome_conflict → captured / discrepancy',
    'staff_captured staff_released refused: already_resolved',
  ],
  released: [
    'authorise abandon not_dropped never_requested revoked → released',
    'refuse journal_lost silence doubt_due count_fell count_absent refused: ended',
    'vending dropped unknown outcome_conflict → released / discrepancy',
    'staff_captured staff_released refused: already_resolved',
  ],
  refused: [
    'authorise refused: refused_for_ever',
    'refuse abandon not_dropped never_requested journal_lost → refused',
    'vending dropped unknown outcome_conflict → refused / discrepancy',
    'revoked silence doubt_due count_fell count_absent refused: ended',
    'staff_captured staff_released refused: already_resolved',
  ],
};

const vendSays: Readonly<Record<VendState, readonly string[]>> = {
  none: [
    'request → requested / write, ask',
    'accept_code → accepted / write',
    'authorise refuse cancel late start saw_drop proved_absent lost_sight restart acknowledge refused: never_requested',
    'revoke → abandoned / write, report',
  ],
  requested: [
    'request accept_code refused: id_already_used',
    'authorise → authorised / write',
    'refuse → refused / write',
    'cancel late restart → abandoned / write, report',
    'start refused: not_authorised',
    'saw_drop proved_absent lost_sight refused: not_vending',
    'acknowledge refused: not_ended',
    'revoke refused: not_a_pickup',
  ],
  authorised: [
    'request accept_code refused: id_already_used',
    'authorise refuse refused: already_authorised',
    'cancel late restart → abandoned / write, report',
    'start → vending / write, notice, pulse',
    'saw_drop proved_absent lost_sight refused: not_vending',
    'acknowledge refused: not_ended',
    'revoke refused: not_a_pickup',
  ],
  accepted: [
    'request accept_code refused: id_already_used',
    'authorise refuse refused: already_authorised',
    'cancel late restart → none / write',
    'start → vending / write, notice, pulse',
    'saw_drop proved_absent lost_sight refused: not_vending',
    'acknowledge refused: not_ended',
    'revoke → abandoned / write, report',
  ],
  vending: [
    'request accept_code refused: id_already_used',
    'authorise refuse cancel start revoke refused: a_drop_is_possible',
    'late proved_absent → not_dropped / write, report',
    'saw_drop → dropped / write, report',
    'lost_sight restart → unknown / write, report',
    'acknowledge refused: not_ended',
  ],
  dropped: [
    'request accept_code refused: id_already_used',
    'authorise refuse cancel late start saw_drop proved_absent lost_sight revoke refused: already_ended',
    'restart → dropped / report',
    'acknowledge → closed / write',
  ],
  not_dropped: [
    'request accept_code refused: id_already_used',
    'authorise refuse cancel late start saw_drop proved_absent lost_sight revoke refused: already_ended',
    'restart → not_dropped / report',
    'acknowledge → closed / write',
  ],
  unknown: [
    'request accept_code refused: id_already_used',
    'authorise refuse cancel late start saw_drop proved_absent lost_sight revoke refused: already_ended',
    'restart → unknown / report',
    'acknowledge → closed / write',
  ],
  abandoned: [
    'request accept_code refused: id_already_used',
    'authorise refuse cancel late start saw_drop proved_absent lost_sight revoke refused: already_ended',
    'restart → abandoned / report',
    'acknowledge → closed / write',
  ],
  refused: [
    'request accept_code refused: id_already_used',
    'authorise refuse cancel late start saw_drop proved_absent lost_sight revoke refused: already_ended',
    'restart acknowledge → closed / write',
  ],
  closed: [
    'request accept_code refused: id_already_used',
    'authorise refuse cancel late start saw_drop proved_absent lost_sight revoke refused: already_ended',
    'restart acknowledge → closed',
  ],
};

describe('the tables of a redemption', () => {
  for (const state of bookStates) {
    it(`say in the books what ${state} means`, () => {
      expect(answersIn(books, state, bookEvents)).to.have.members([...booksSay[state]]);
    });
  }
  for (const state of vendStates) {
    it(`say in the journal what ${state} means`, () => {
      expect(answersIn(vend, state, vendEvents)).to.have.members([...vendSays[state]]);
    });
  }

  it('call open what holds points and a unit', () => {
    const open = ['held', 'held_overdue', 'vending', 'vending_overdue', 'in_doubt'];
    expect(bookStates.filter(isOpen)).to.deep.equal(open);
  });
});
