import { newUlid } from '@tessera/shared/ids/ulid';
import type { Chance } from '@tessera/shared/ports';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { Timeouts } from '../../platform/timeouts.ts';
import * as store from './store.ts';
import type { SessionRow } from './store.ts';

export type { SessionRow } from './store.ts';

/** Who stands there, and how that was proved. */
type Opening = Omit<SessionRow, 'session_id' | 'opened_at' | 'expires_at' | 'ended_at'>;

/** A member in front of a kiosk: opened by a verified credential, ended by the member, by time, or by the next one. */
export class Sessions {
  readonly #chance: Chance;
  readonly #timeouts: Timeouts;

  constructor(chance: Chance, timeouts: Timeouts) {
    this.#chance = chance;
    this.#timeouts = timeouts;
  }

  /** Opens a session and ends whatever was still open at that kiosk. */
  async open(tx: Tx, who: Opening): Promise<SessionRow> {
    await store.endOpenSessions(tx.db, { kioskId: who.kiosk_id, at: tx.at });
    const session: SessionRow = {
      ...who,
      session_id: newUlid({ nowMs: () => tx.at }, this.#chance),
      opened_at: tx.at,
      expires_at: tx.at + this.#timeouts.sessionMs,
      ended_at: null,
    };
    await store.insertSession(tx.db, session);
    return session;
  }

  /** The session that this kiosk has just opened with this very code: a scanner repeats itself. */
  async justOpenedWith(
    tx: Tx,
    kioskId: string,
    credential: { id: string; step: number },
  ): Promise<SessionRow | undefined> {
    const since = tx.at - this.#timeouts.scannerRepeatMs;
    const { id: credentialId, step } = credential;
    return (await store.sessionOpenedWith(tx.db, { kioskId, credentialId, step, since }))[0];
  }

  /** The session, if it is this kiosk's and still open. */
  async requireOpen(tx: Tx, sessionId: string, kioskId: string): Promise<Result<SessionRow, Problem>> {
    const [session] = await store.sessionById(tx.db, { sessionId });
    const open = session?.kiosk_id === kioskId && session.ended_at === null && session.expires_at > tx.at;
    return open ? ok(session) : err(problem('session_over'));
  }

  /** Ends a session; a repeat does nothing. */
  async end(tx: Tx, sessionId: string, kioskId: string): Promise<void> {
    await store.endSession(tx.db, { sessionId, kioskId, at: tx.at });
  }
}
