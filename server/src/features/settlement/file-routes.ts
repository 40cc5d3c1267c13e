import { ulidSchema } from '@tessera/shared/ids/ulid';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import * as z from 'zod';
import type { Refused } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { currency } from '../../platform/openapi/fields.ts';
import { defineRawRoute, defineRoute, type Route } from '../../platform/openapi/route.ts';
import type { ServerKeys } from '../../platform/signing/server-keys.ts';
import { partySchema } from '../clearing/index.ts';
import { isSealed } from './chain.ts';
import { openTransfers, paymentCsv, sepaFile } from './payment-file.ts';
import { isChained, type Statement } from './statement.ts';
import { PAGE_POLICY, statementFormats, statementMedia, writeStatement } from './statement-files.ts';
import * as store from './store.ts';

const TAG = 'Settlement';
const statementOf = { runId: ulidSchema, party: partySchema, currency };

interface FileRouteParts {
  readonly db: Db;
  readonly keys: ServerKeys;
}

/** A statement by its name; `party` given means that nobody else's is seen. */
async function find(
  { db, keys }: FileRouteParts,
  name: { runId: string; party: string; currency: string },
  own: string | undefined,
): Promise<Refused<Statement>> {
  if (own !== undefined && own !== name.party) return err(problem('not_found'));
  const run = await store.runById(db, name.runId);
  const net = await store.netByKey(db, { run_id: name.runId, party: name.party, currency: name.currency });
  if (!run || !net) return err(problem('not_found'));
  const publicKey = keys.published.find((each) => each.keyId === net.key_id)?.publicKey ?? '';
  return ok({ run, net, publicKey });
}

/** Doors to what is read on paper or by a bank. */
export const fileRoutes = (parts: FileRouteParts): Route[] => [
  defineRawRoute({
    method: 'get',
    path: '/v1/settlement-runs/{runId}/statements/{party}/{currency}/{format}',
    tag: TAG,
    summary: 'A statement as JSON, CSV or a page to print',
    about: 'The same bytes whenever it is asked for. A terminal sees its own merchant’s.',
    roles: ['admin', 'terminal'],
    params: z.object({ ...statementOf, format: z.enum(statementFormats) }),
    produces: statementFormats.map((format) => statementMedia[format]),
    refusals: ['not_found'],
    handle: async ({ params: { format, ...name }, principal }) => {
      const found = await find(parts, name, principal.kind === 'terminal' ? principal.merchantId : undefined);
      if (!found.ok) return found;
      const pieces = writeStatement(parts.db, found.value, format);
      const headers = format === 'html' ? { 'Content-Security-Policy': PAGE_POLICY } : {};
      return ok({ mediaType: statementMedia[format], pieces, headers });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/v1/settlement-runs/{runId}/verifications/{party}/{currency}',
    tag: TAG,
    summary: 'Verify a statement',
    about: 'Chains its lines anew and checks the signature.',
    roles: ['admin', 'terminal'],
    params: z.object(statementOf),
    answer: z.object({ linesHold: z.boolean(), signatureHolds: z.boolean() }),
    refusals: ['not_found'],
    handle: async ({ params, principal }) => {
      const found = await find(parts, params, principal.kind === 'terminal' ? principal.merchantId : undefined);
      if (!found.ok) return found;
      const { net } = found.value;
      const key = parts.keys.byId.get(net.key_id);
      const signatureHolds = key !== undefined && isSealed(net, net.signature, key);
      return ok({ linesHold: await isChained(parts.db, found.value), signatureHolds });
    },
  }),
  defineRawRoute({
    method: 'get',
    path: '/v1/settlement-runs/{runId}/payment-files/{format}',
    tag: TAG,
    summary: 'What is open of a run, for the bank',
    about: 'SEPA: pay-outs in euro as pain.001.001.09. CSV: everything, both ways and in every currency.',
    roles: ['admin'],
    params: z.object({ runId: ulidSchema, format: z.enum(['sepa', 'csv']) }),
    produces: ['application/xml', 'text/csv; charset=utf-8'],
    refusals: ['not_found', 'conflict'],
    handle: async ({ params: { runId, format } }) => {
      const run = await store.runById(parts.db, runId);
      if (!run) return err(problem('not_found'));
      if (run.posted_at === null) return err(problem('conflict', { facts: { state: run.state } }));
      const transfers = await openTransfers(parts.db, await store.netsOf(parts.db, runId));
      if (format === 'csv') return ok(file('text/csv; charset=utf-8', paymentCsv(run, transfers)));
      const sepa = await sepaFile(parts.db, run, transfers);
      return sepa.ok ? ok(file('application/xml', sepa.value)) : sepa;
    },
  }),
];

const file = (mediaType: string, text: string) => ({ mediaType, bytes: Buffer.from(text) });
