import type { Problem } from '@tessera/shared/problem';
import { problem } from '@tessera/shared/problem';
import type { KioskEvent, KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { JournalHead } from '@tessera/shared/protocol/kiosk-parts';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import { fenced, type Sender } from './fenced.ts';
import { identify } from './identify.ts';
import type { LinkServices } from './services.ts';
import { bookVariance } from './variance.ts';

type Answered = Promise<Result<object, Problem>>;
type Handler<Name extends KioskEvent> = (services: LinkServices, from: Sender, request: KioskRequest<Name>) => Answered;

/** A report about one redemption, with how far the journal was when it was sent. */
const reported = (
  services: LinkServices,
  from: Sender,
  name: KioskEvent,
  journalHead: JournalHead,
  work: (tx: Tx) => Promise<Result<object, Problem>>,
): Answered => fenced(services, from, { name, journalHead }, work);

/** Every message but hello. A missing one does not compile. */
const handlers: { readonly [Name in Exclude<KioskEvent, 'hello'>]: Handler<Name> } = {
  identify,
  end_session: (services, from, { sessionId }) =>
    fenced(services, from, { name: 'end_session' }, async (tx) => {
      await services.sessions.end(tx, sessionId, from.kioskId);
      return ok({});
    }),
  authorise: (services, from, request) =>
    fenced(
      services,
      from,
      {
        name: 'authorise',
        journalHead: request.journalHead,
        keepRefusal: (tx, kiosk, refusal) => services.authoriser.keepRefusal(tx, kiosk, request, refusal),
      },
      (tx, kiosk) => services.authoriser.authorise(tx, kiosk, request),
    ),
  abandon: (services, from, { redemptionId, journalHead }) =>
    reported(services, from, 'abandon', journalHead, (tx) => services.reports.abandon(tx, from.kioskId, redemptionId)),
  vending: (services, from, { journalHead, ...notice }) =>
    reported(services, from, 'vending', journalHead, (tx) => services.reports.vending(tx, from.kioskId, notice)),
  outcome: (services, from, { journalHead, ...report }) =>
    reported(services, from, 'outcome', journalHead, (tx) => services.reports.outcome(tx, from.kioskId, report)),
  revoked: (services, from, { redemptionId, journalHead }) =>
    reported(services, from, 'revoked', journalHead, (tx) => services.pickups.revoked(tx, from.kioskId, redemptionId)),
  variance: (services, from, report) =>
    fenced(services, from, { name: 'variance' }, (tx) => bookVariance(services, tx, from.kioskId, report)),
  status: (services, from, { journalHead, ...status }) =>
    reported(services, from, 'status', journalHead, async (tx) => {
      await services.kiosks.sawStatus(tx, from.kioskId, JSON.stringify(status));
      return ok({});
    }),
  replay_grant: (services, from, request) =>
    fenced(services, from, { name: 'replay_grant' }, (tx) => services.replayer.replay(tx, from.kioskId, request)),
};

/** Hands a checked message to its handler. */
export function dispatch(services: LinkServices, from: Sender, event: KioskEvent, request: unknown): Answered {
  if (event === 'hello')
    return Promise.resolve(err(problem('conflict', { detail: 'This connection has said hello.' })));
  const handler = handlers[event] as (services: LinkServices, from: Sender, request: unknown) => Answered;
  return handler(services, from, request);
}
