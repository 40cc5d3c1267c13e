import type { Problem } from '@tessera/shared/problem';
import { problem } from '@tessera/shared/problem';
import type { KioskAnswer, KioskRequest } from '@tessera/shared/protocol/kiosk';
import { assert, err, ok, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { SessionRow } from '../sessions/index.ts';
import { fenced, type Sender } from './fenced.ts';
import type { LinkServices } from './services.ts';

type Identified = Omit<Extract<KioskAnswer<'identify'>, { ok: true }>, 'ok'>;

/** Verifies a credential (the slow part before the command) and opens a session for its member. */
export async function identify(
  services: LinkServices,
  from: Sender,
  request: KioskRequest<'identify'>,
): Promise<Result<Identified, Problem>> {
  const examined = await services.identity.examine(from.kioskId, request);
  if (!examined.ok) return examined;
  return fenced(services, from, { name: 'identify' }, async (tx) => {
    const claimed = await services.identity.claim(tx, examined.value);
    if (!claimed.ok) return claimed;
    const session = await sessionFor(services, tx, from, claimed.value);
    if (!session) return err(problem('credential_refused'));
    return ok({ sessionId: session.session_id, member: await viewOf(services, tx, session) });
  });
}

type Claimed = Extract<Awaited<ReturnType<LinkServices['identity']['claim']>>, { ok: true }>['value'];

/** A used code opens nothing, except again the session that it has just opened here. */
async function sessionFor(
  { sessions }: LinkServices,
  tx: Tx,
  { kioskId }: Sender,
  who: Claimed,
): Promise<SessionRow | undefined> {
  if (who.repeat) return who.credential ? sessions.justOpenedWith(tx, kioskId, who.credential) : undefined;
  return sessions.open(tx, {
    kiosk_id: kioskId,
    member_id: who.memberId,
    method: who.method,
    card_number: who.cardNumber,
    credential_id: who.credential?.id ?? null,
    credential_step: who.credential?.step ?? null,
  });
}

async function viewOf(services: LinkServices, tx: Tx, session: SessionRow): Promise<Identified['member']> {
  const { member_id: memberId, kiosk_id: kioskId } = session;
  const member = await services.members.view(tx.db, memberId);
  assert(member !== undefined, 'a claimed member exists');
  const { available } = await services.ledger.balancesOf(tx.db, memberId);
  const rewards = await services.configs.rewardsOf(tx.db, kioskId, tx.at);
  return {
    maskedName: member.maskedName,
    points: available,
    language: member.language,
    receiptTo: member.receiptTo,
    limited: await services.redemptions.limitedFor(tx.db, memberId, rewards),
  };
}
