import { publicKeyOfText, verifyFor } from '@tessera/shared/credentials/signature';
import { problem, type Problem } from '@tessera/shared/problem';
import { helloBodySchema, type HelloBody, type KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { JournalHead } from '@tessera/shared/protocol/kiosk-parts';
import { negotiate } from '@tessera/shared/protocol/version';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod/mini';
import type { KioskRow } from '../kiosks/index.ts';

/** Reads the signed body; says nothing about who signed it. */
export function readHello(request: KioskRequest<'hello'>): Result<HelloBody, Problem> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(request.body);
  } catch {
    return err(problem('malformed'));
  }
  const body = z.safeParse(helloBodySchema, parsed);
  if (!body.success) return err(problem('invalid_fields', { detail: 'The body of hello does not fit its schema.' }));
  return ok(body.data);
}

/** True if the enrolled key signed this connection's nonce together with this very body. */
export function signedBy(publicKey: string | null, nonce: string, request: KioskRequest<'hello'>): boolean {
  const key = publicKey === null ? undefined : publicKeyOfText(publicKey);
  return key !== undefined && verifyFor('kiosk-hello', `${nonce}\n${request.body}`, request.signature, key);
}

export type JournalVerdict = 'whole' | 'lost';

/**
 * Is this journal the one that the server knows, and no older copy of it?
 * Before the first hello of an enrolment any journal is accepted; a different one than before still has lost what was open.
 */
export function judgeJournal(
  kiosk: Pick<KioskRow, 'journal_epoch' | 'journal_seq' | 'journal_hash'>,
  head: JournalHead,
): JournalVerdict {
  if (kiosk.journal_epoch === null) return 'whole';
  if (kiosk.journal_epoch !== head.epoch || head.seq < kiosk.journal_seq) return 'lost';
  return head.seq === kiosk.journal_seq && head.hash !== kiosk.journal_hash ? 'lost' : 'whole';
}

/** Which protocol both sides speak. */
export function agreeOn(hello: HelloBody): Result<number, Problem> {
  const version = negotiate(hello.protocols);
  return version === undefined ? err(problem('unsupported_protocol')) : ok(version);
}
