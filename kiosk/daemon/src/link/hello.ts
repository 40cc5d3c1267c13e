import type { KeyObject } from 'node:crypto';
import { signFor } from '@tessera/shared/credentials/signature';
import type { Challenge, HelloBody, KioskRequest } from '@tessera/shared/protocol/kiosk';
import { PROTOCOL_VERSIONS } from '@tessera/shared/protocol/version';
import type { Journal } from '../journal/journal.ts';

const SOFTWARE = 'tessera-kiosk 0.1.0';
/** The protocol bounds the list; the rest follows in later hellos, as these are settled. */
const MAX_OPEN = 1000;

/** The signed first message: who this is, where its journal stands, and what is open in it. */
export function helloRequest(
  challenge: Challenge,
  facts: { readonly kioskId: string; readonly counter: number; readonly configRevision: number },
  journal: Journal,
  key: KeyObject,
): KioskRequest<'hello'> {
  const open = [...journal.book.open.values()].slice(0, MAX_OPEN);
  const said: HelloBody = {
    ...facts,
    protocols: [...PROTOCOL_VERSIONS],
    software: SOFTWARE,
    journal: journal.head,
    open: open.map(({ id, state }) => ({ redemptionId: id, state })),
  };
  return signHello(said, challenge.nonce, key);
}

/** What a kiosk says, signed for the challenge that it answers. */
export function signHello(said: HelloBody, nonce: string, key: KeyObject): KioskRequest<'hello'> {
  const body = JSON.stringify(said);
  return { body, signature: signFor('kiosk-hello', `${nonce}\n${body}`, key) };
}
