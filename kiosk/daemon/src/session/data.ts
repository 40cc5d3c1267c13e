import type { MemberView } from '@tessera/shared/protocol/kiosk';
import type { RewardView } from '@tessera/shared/protocol/kiosk-parts';
import type { VendPhase } from '@tessera/shared/protocol/ui';
import type { Note, SessionEvent, SessionEventName, SessionEventOf, SessionState } from './events.ts';

/** What a person showed; a PIN is never kept. */
export type Credential =
  | { readonly kind: 'qr'; readonly text: string }
  | { readonly kind: 'card'; readonly uid: string }
  | { readonly kind: 'member_id'; readonly memberId: string };

/** What one session knows beside its state. Empty on the screens that belong to nobody. */
export type SessionData = {
  readonly note: Note | null;
  readonly credential: Credential | null;
  readonly member: { readonly sessionId: string; readonly view: MemberView } | null;
  readonly reward: RewardView | null;
  readonly redemption: { readonly id: string; readonly slot: number; readonly via: 'walk_up' | 'pickup' } | null;
  readonly phase: VendPhase;
  /** The member's points should the running redemption succeed. */
  readonly pointsAfter: number | null;
  readonly trayEmpty: boolean;
  readonly failure: string | null;
};

export const emptyData: SessionData = {
  note: null,
  credential: null,
  member: null,
  reward: null,
  redemption: null,
  phase: 'authorising',
  pointsAfter: null,
  trayEmpty: false,
  failure: null,
};

type Update<Name extends SessionEventName> = (data: SessionData, event: SessionEventOf<Name>) => Partial<SessionData>;

const note = (_: SessionData, event: { readonly note: Note }): Partial<SessionData> => ({ note: event.note });

/** Leaves the signed-in member with nothing chosen. */
const chooseAgain = { reward: null, redemption: null, pointsAfter: null, failure: null } as const;

/** What an event adds to the data; an event that is not here changes the state alone. */
const updates: { readonly [Name in SessionEventName]?: Update<Name> } = {
  submit_number: (_, { memberId }) => ({ credential: { kind: 'member_id', memberId } }),
  bad_number: () => ({ note: { code: 'invalid_fields' } }),
  bad_pin: () => ({ note: { code: 'invalid_fields' } }),
  choose: (_, { reward }) => ({ reward }),
  bad_choice: (_, event) => ({ ...chooseAgain, note: event.note }),
  confirm: (_, { redemptionId, slot }) => ({
    redemption: { id: redemptionId, slot, via: 'walk_up' },
    phase: 'authorising',
  }),
  another: () => chooseAgain,
  end_tray_full: () => ({ member: null, pointsAfter: null, credential: null }),
  scan_member: (_, { text }) => ({ credential: { kind: 'qr', text } }),
  scan_unknown: () => ({ note: { code: 'credential_refused' }, credential: null }),
  card: (_, { uid }) => ({ credential: { kind: 'card', uid } }),
  identified: (_, { sessionId, member }) => ({ member: { sessionId, view: member }, credential: null }),
  refused_scan: (data, event) => ({ ...note(data, event), credential: null }),
  refused_card: note,
  refused_number: note,
  authorised: (_, { pointsAfter }) => ({ pointsAfter, phase: 'preparing' }),
  refused_price: ({ reward }, event) => ({
    ...note(emptyData, event),
    redemption: null,
    reward: priced(reward, event.price),
  }),
  refused_choice: (data, event) => ({ ...chooseAgain, ...note(data, event), member: limited(data, event.note.code) }),
  refused_session: (_, event) => ({ ...emptyData, note: event.note }),
  phase: (_, { phase }) => ({ phase }),
  gave_up: (_, { code }) => ({ failure: code, pointsAfter: null }),
  dropped: (data) => ({ trayEmpty: false, member: paid(data) }),
  // The points are on hold: the member cannot spend them, whatever comes of it.
  unknown: (data) => ({ member: paid(data) }),
  not_dropped: () => ({ failure: 'not_dropped', pointsAfter: null }),
  pickup_accepted: (_, { redemptionId, reward, slot }) => ({
    redemption: { id: redemptionId, slot, via: 'pickup' },
    reward,
    phase: 'preparing',
  }),
  pickup_refused: (_, { code }) => ({ failure: code }),
  tray_emptied: () => ({ trayEmpty: true }),
  timeout: ({ member }) => (member ? {} : { note: { code: 'unavailable' }, credential: null }),
};

/** The server says that this member has had the gift often enough: it is not offered to them again. */
function limited({ member, reward }: SessionData, code: string): SessionData['member'] {
  if (!member || !reward || code !== 'limit_reached') return member;
  return { ...member, view: { ...member.view, limited: [...member.view.limited, reward.rewardId] } };
}

const priced = (reward: RewardView | null, price: number): RewardView | null => reward && { ...reward, price };

/** The member with the points that the redemption leaves them. */
function paid({ member, pointsAfter }: SessionData): SessionData['member'] {
  if (!member || pointsAfter === null) return member;
  return { ...member, view: { ...member.view, points: pointsAfter } };
}

const belongsToNobody: ReadonlySet<SessionState> = new Set(['starting', 'out_of_service', 'attract']);
/** Typing over: what was shown before is not waited for any more. */
const dropsCredential: ReadonlySet<SessionState> = new Set(['identify', 'enter_number']);

/** The data after an event that the table has let pass. A screen that belongs to nobody starts from nothing. */
export function nextData(data: SessionData, event: SessionEvent, arrived: SessionState): SessionData {
  if (belongsToNobody.has(arrived)) return emptyData;
  // The key and the event are of one name: the compiler cannot see it through the index.
  const update = updates[event.type] as Update<SessionEventName> | undefined;
  const next = { ...data, note: null, ...update?.(data, event) };
  return dropsCredential.has(arrived) ? { ...next, credential: null } : next;
}
