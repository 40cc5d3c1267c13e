import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';
import { bearerToken } from '../auth/tokens.ts';
import { actorOf, type Authenticator, type Principal } from '../auth/principal.ts';
import { readIdempotencyKey } from '../idempotency/key.ts';
import type { Idempotency, RunCommand } from '../idempotency/idempotency.ts';
import { needsKey, statusOf, type RawAnswer, type RawBody, type Route } from '../openapi/route.ts';
import { checkFields } from './fields.ts';
import type { RateLimit } from './rate-limit.ts';
import { readBody } from './read-body.ts';
import { requestIdOf } from './request-log.ts';

/** Answers a refusal and counts it. */
export type Refuse = (res: Response, refusal: Problem) => void;

export interface RouteShell {
  readonly authenticator: Authenticator;
  readonly idempotency: Pick<Idempotency, 'guard'>;
  readonly refuse: Refuse;
  /** By principal where there is one, by network address otherwise. */
  readonly limits: { readonly known: RateLimit; readonly unknown: RateLimit };
}

/** The caller's address: the connection's, or what as many proxies as we trust say of it. */
const addressOf = (req: Request): string => req.ip ?? 'unknown';

/** Who asks, if the route lets them in. Nobody learns more than "sign in" or "not you". */
async function admit(route: Route, shell: RouteShell, req: Request): Promise<Result<Principal, Problem>> {
  const { authorization } = req.headers;
  const token = bearerToken(authorization);
  const known = token === undefined ? undefined : await shell.authenticator.authenticate(token);
  const isPublic = route.roles.includes('public');
  const { limits } = shell;
  const fair = known ? limits.known.take(actorOf(known)) : limits.unknown.take(addressOf(req));
  if (!fair.ok) return fair;
  if (known && (isPublic || route.roles.includes(known.kind))) return ok(known);
  if (isPublic) return ok({ kind: 'public' });
  return err(problem(known ? 'forbidden' : 'unauthenticated'));
}

/** Reads and checks everything that the route declares. */
async function readInput(
  route: Route,
  req: Request,
  res: Response,
): Promise<Result<{ params: unknown; query: unknown; body: unknown }, Problem>> {
  const params = route.params ? checkFields(route.params, req.params, 'not_found') : ok(undefined);
  if (!params.ok) return params;
  const query = route.query ? checkFields(route.query, req.query) : ok(undefined);
  if (!query.ok) return query;
  const raw = await readBody(route, req, res);
  if (!raw.ok) return raw;
  const body = route.body ? checkFields(route.body, raw.value) : raw;
  return body.ok ? ok({ params: params.value, query: query.value, body: body.value }) : body;
}

/** Stands for a raw body in the fingerprint of its request. */
const digestOf = ({ mediaType, bytes }: RawBody): string[] => [
  mediaType,
  createHash('sha256').update(bytes).digest('hex'),
];

const noCommand: RunCommand = () => {
  throw new Error('This route declared no command');
};

async function sendAnswer(route: Route, res: Response, value: unknown): Promise<void> {
  res.status(statusOf(route));
  if (route.answer) {
    res.setHeader('Cache-Control', 'no-store');
    res.json(z.parse(route.answer, value));
    return;
  }
  const answer = value as RawAnswer;
  for (const [name, text] of Object.entries(answer.headers ?? {})) res.setHeader(name, text);
  res.setHeader('Content-Type', answer.mediaType);
  if ('bytes' in answer) res.send(answer.bytes);
  else await sendPieces(res, answer.pieces);
}

/** A caller that has gone ends the making of pieces, and so does a piece that cannot be made: the answer is cut short. */
async function sendPieces(res: Response, pieces: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(pieces), res);
  } catch (cause) {
    if (!res.destroyed) res.destroy(cause instanceof Error ? cause : undefined);
  }
}

/** Serves one request of one route: admit, read, claim the key, handle, answer. */
export async function serveRoute(route: Route, shell: RouteShell, req: Request, res: Response): Promise<void> {
  const admitted = await admit(route, shell, req);
  if (!admitted.ok) {
    shell.refuse(res, admitted.error);
    return;
  }
  const principal = admitted.value;
  const actor = actorOf(principal);
  const key = needsKey(route) ? readIdempotencyKey(req.headers['idempotency-key']) : ok(undefined);
  if (!key.ok) {
    shell.refuse(res, key.error);
    return;
  }
  const input = await readInput(route, req, res);
  if (!input.ok) {
    shell.refuse(res, input.error);
    return;
  }
  const facts = {
    principal,
    actor,
    requestId: requestIdOf(res),
    token: bearerToken(req.headers.authorization),
    address: addressOf(req),
  };
  const handle = (command: RunCommand): Promise<Result<unknown, Problem>> =>
    route.handle({ ...input.value, ...facts, command });
  const { params, body } = input.value;
  const content = route.consumes ? digestOf(body as RawBody) : body;
  const result =
    key.value === undefined
      ? await handle(noCommand)
      : await shell.idempotency.guard(
          { actor, key: key.value, request: [route.method, route.path, params, content] },
          handle,
        );
  if (result.ok) await sendAnswer(route, res, result.value);
  else shell.refuse(res, result.error);
}
