import { problem, type Problem } from '@tessera/shared/problem';
import type { HelloBody, KioskAnswer, KioskRequest } from '@tessera/shared/protocol/kiosk';
import { err, ok, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import { notServed, type KioskRow } from '../kiosks/index.ts';
import { agreeOn, judgeJournal, readHello, signedBy } from './hello.ts';
import type { LinkServices } from './services.ts';

type HelloAnswer = Extract<KioskAnswer<'hello'>, { ok: true }>;

/** A connection that has proved which kiosk it is. */
export interface Greeted {
  readonly kioskId: string;
  readonly counter: number;
  readonly answer: HelloAnswer;
}

/** Proves a kiosk, fences its older connections, and brings books and journal together, in one command. */
export async function greet(
  services: LinkServices,
  nonce: string,
  request: KioskRequest<'hello'>,
): Promise<Result<Greeted, Problem>> {
  const hello = readHello(request);
  if (!hello.ok) return hello;
  const { kioskId } = hello.value;
  const greeted = await services.commands.run<Greeted | 'journal_lost'>({
    name: 'kiosk.hello',
    actor: `kiosk:${kioskId}`,
    work: async (tx) => {
      const kiosk = await services.kiosks.find(tx.db, kioskId);
      const admitted = admit(kiosk, nonce, request, hello.value);
      return admitted.ok ? welcome(services, tx, admitted.value, hello.value) : admitted;
    },
    onRefusal: async (tx, refusal) => {
      if (refusal.code !== 'kiosk_cloned') return;
      services.log.event('kiosk.counter_not_higher', { kioskId, counter: hello.value.counter });
      await services.audit.write(tx, 'kiosk.counter_not_higher', `kiosk:${kioskId}`, { counter: hello.value.counter });
    },
  });
  if (!greeted.ok) return greeted;
  if (greeted.value !== 'journal_lost') return ok(greeted.value);
  services.log.event('kiosk.journal_lost', { kioskId });
  return err(problem('journal_lost'));
}

/** Key, state, counter: an unknown kiosk looks like one with a wrong key. */
function admit(
  kiosk: KioskRow | undefined,
  nonce: string,
  request: KioskRequest<'hello'>,
  hello: HelloBody,
): Result<KioskRow, Problem> {
  if (!kiosk || !signedBy(kiosk.public_key, nonce, request)) return err(problem('bad_signature'));
  if (kiosk.state !== 'enrolled') return err(notServed(kiosk));
  return hello.counter > kiosk.counter ? ok(kiosk) : err(problem('kiosk_cloned'));
}

async function welcome(
  services: LinkServices,
  tx: Tx,
  kiosk: KioskRow,
  hello: HelloBody,
): Promise<Result<Greeted | 'journal_lost', Problem>> {
  const { kiosks, reconciler, configs, ledgerEpoch } = services;
  const { kioskId } = hello;
  const protocol = agreeOn(hello);
  if (!protocol.ok) return protocol;
  const firstOfEnrolment = kiosk.counter === 0;
  if (judgeJournal(kiosk, hello.journal) === 'lost') {
    await reconciler.journalLost(tx, kioskId);
    if (!firstOfEnrolment) {
      await kiosks.journalLost(tx, kioskId);
      return ok('journal_lost');
    }
  } else await reconciler.journalWhole(tx, kioskId, hello);
  await kiosks.connected(tx, kioskId, hello);
  const now = (await kiosks.find(tx.db, kioskId)) ?? kiosk;
  const answer: HelloAnswer = {
    ok: true,
    protocol: protocol.value,
    serverTimeMs: tx.at,
    ledgerEpoch,
    config: await configs.of(tx.db, now, tx.at),
    redemptions: await reconciler.statesOf(tx, kioskId, hello.open),
  };
  return ok({ kioskId, counter: hello.counter, answer });
}
