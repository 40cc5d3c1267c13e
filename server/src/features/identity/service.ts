import { createHash } from 'node:crypto';
import { problem } from '@tessera/shared/problem';
import type { IdentifyRequest } from '@tessera/shared/protocol/kiosk';
import { err, ok } from '@tessera/shared/result';
import type { Refused, Tx } from '../../platform/commands/commands.ts';
import type { SecretCheck } from '../../platform/crypto/decoy.ts';
import type { Db } from '../../platform/database/database.ts';
import type { Throttle } from '../../platform/throttle/throttle.ts';
import type { Cards } from '../cards/index.ts';
import type { Members } from '../members/index.ts';
import type { Credentials } from './credentials.ts';

/** What the first, slow part found out; the second part decides within the command. */
export type Examined =
  | { readonly method: 'qr'; readonly text: string }
  | { readonly method: 'card' | 'member_id'; readonly memberId: string; readonly cardUid: string | null };

/** A proven member. `repeat`: this very QR step was used before; answer it only with the session it opened here, within 3 s. */
export interface Identified {
  readonly memberId: string;
  readonly method: IdentifyRequest['kind'];
  readonly cardNumber: string | null;
  readonly credential: { readonly id: string; readonly step: number } | null;
  readonly repeat: boolean;
}

export interface IdentityParts {
  readonly db: Db;
  readonly members: Members;
  readonly cards: Cards;
  readonly credentials: Credentials;
  readonly secrets: SecretCheck;
  /** Attempts with a PIN at one place (a kiosk, a till), whoever stands there. */
  readonly placeThrottle: Throttle;
  /** Attempts at one card or member ID at one place: elsewhere its owner is not locked out. */
  readonly credentialThrottle: Throttle;
}

type WithPin = Exclude<IdentifyRequest, { kind: 'qr' }>;

/** Proves who stands at a kiosk or a counter. */
export class Identity {
  readonly #parts: IdentityParts;

  constructor(parts: IdentityParts) {
    this.#parts = parts;
  }

  /**
   * The slow part, outside any transaction: throttles (the place first) and PIN. Unknown card, unknown member and wrong PIN
   * look and take the same. A QR cannot be guessed, so it passes to `claim` untouched and is never locked out.
   */
  async examine(place: string, request: IdentifyRequest): Promise<Refused<Examined>> {
    if (request.kind === 'qr') return ok({ method: 'qr', text: request.text });
    const { placeThrottle, credentialThrottle, members, secrets, db } = this.#parts;
    const atPlace = await placeThrottle.attempt(place);
    if (!atPlace.ok) return atPlace;
    const key = credentialKey(place, request);
    const atCredential = await credentialThrottle.attempt(key);
    if (!atCredential.ok) return atCredential;
    const memberId = await this.#memberOf(request);
    const member = memberId === undefined ? undefined : await members.find(db, memberId);
    const right = await secrets.matches(member?.pin_hash, request.pin);
    if (!member || !right) {
      return err(problem('credential_refused', { facts: { attemptsLeft: atCredential.value } }));
    }
    await placeThrottle.undo(place);
    await credentialThrottle.clear(key);
    const cardUid = request.kind === 'card' ? request.uid : null;
    return ok({ method: request.kind, memberId: member.member_id, cardUid });
  }

  /** The quick part, inside the command that opens the session: each QR step once, card and member still active. */
  async claim(tx: Tx, examined: Examined): Promise<Refused<Identified>> {
    const identified = examined.method === 'qr' ? await this.#byQr(tx, examined.text) : await this.#byPin(tx, examined);
    if (!identified.ok) return identified;
    const member = await this.#parts.members.find(tx.db, identified.value.memberId);
    return member?.state === 'active' ? identified : err(problem('member_suspended'));
  }

  async #byQr(tx: Tx, text: string): Promise<Refused<Identified>> {
    const taken = await this.#parts.credentials.take(tx, text);
    if (!taken.ok) return taken;
    const { memberId, credentialId, step, repeat } = taken.value;
    return ok({ memberId, method: 'qr', cardNumber: null, credential: { id: credentialId, step }, repeat });
  }

  async #byPin(tx: Tx, examined: Exclude<Examined, { method: 'qr' }>): Promise<Refused<Identified>> {
    const { memberId, method, cardUid } = examined;
    const card = cardUid === null ? undefined : await this.#parts.cards.byUid(tx.db, cardUid);
    const lapsed = cardUid !== null && (card?.state !== 'active' || card.member_id !== memberId);
    if (lapsed) return err(problem('credential_refused'));
    return ok({ memberId, method, cardNumber: card?.card_number ?? null, credential: null, repeat: false });
  }

  async #memberOf(request: WithPin): Promise<string | undefined> {
    if (request.kind === 'member_id') return request.memberId;
    const card = await this.#parts.cards.byUid(this.#parts.db, request.uid);
    return card?.state === 'active' ? (card.member_id ?? undefined) : undefined;
  }
}

/** What is counted per credential: known or not, it looks the same in the table. */
function credentialKey(place: string, request: WithPin): string {
  const named = request.kind === 'card' ? `card:${request.uid}` : `member:${request.memberId}`;
  return `${place}:${createHash('sha256').update(named).digest('base64url').slice(0, 22)}`;
}
