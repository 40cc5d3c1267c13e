import type { Problem, ProblemCode } from '@tessera/shared/problem';
import type { Result } from '@tessera/shared/result';
import type * as z from 'zod';
import type { Actor } from '../commands/actor.ts';
import type { Principal, Role } from '../auth/principal.ts';
import type { RunCommand } from '../idempotency/idempotency.ts';

/** Bytes with their media type: what a raw route takes and gives (pictures). */
export interface RawBody {
  readonly mediaType: string;
  readonly bytes: Buffer;
}
/**
 * A raw answer, whole or in pieces that are made while they are sent: so a long one is never in memory at once.
 * `headers` are added to those of every answer.
 */
export type RawAnswer = (RawBody | { readonly mediaType: string; readonly pieces: AsyncIterable<string> }) & {
  readonly headers?: Readonly<Record<string, string>>;
};

/** What a handler is given: everything already checked against the route's schemas and roles. */
export interface RouteInput<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly principal: Principal;
  /** The principal as the audit writes it. */
  readonly actor: Actor;
  readonly requestId: string;
  /** The bearer token that was sent; only signing out has a use for it. */
  readonly token: string | undefined;
  /** The caller's network address, for throttling only. */
  readonly address: string;
  /**
   * Runs the request's one command; its answer is stored under the request's Idempotency-Key in the same transaction.
   * A mutating handler calls it exactly once, after anything slow.
   */
  readonly command: RunCommand;
}

interface Described {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** OpenAPI form: `/v1/members/{memberId}`. */
  readonly path: `/${string}`;
  readonly tag: string;
  readonly summary: string;
  readonly about?: string;
  readonly roles: readonly [Role, ...Role[]];
  /** Defaults to 201 for POST and 200 for the rest. */
  readonly status?: 200 | 201 | 202;
  /** Every code that the handler itself may refuse with; the shell's own (401, 415, …) are added to the document. */
  readonly refusals?: readonly ProblemCode[];
  /** `none` only where a repeat has no second effect worth guarding; say why in `about`. */
  readonly idempotency?: 'none';
  /** The largest JSON body, where it is more than usual. */
  readonly limitBytes?: number;
}

type Schema = z.core.$ZodType;
type OutputOf<S> = S extends Schema ? z.output<S> : undefined;

/** The parts that a route may have; the handler's types are inferred from them. */
export interface RouteSpec<
  Params extends Schema | undefined,
  Query extends Schema | undefined,
  Body extends Schema | undefined,
  Answer extends Schema,
> extends Described {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: Answer;
  readonly handle: (
    input: RouteInput<OutputOf<Params>, OutputOf<Query>, OutputOf<Body>>,
  ) => Promise<Result<z.input<Answer>, Problem>>;
}

/** A raw route: its body or its answer is bytes, not JSON. */
export interface RawRouteSpec<
  Params extends Schema | undefined,
  Query extends Schema | undefined,
  Answer extends Schema | undefined,
> extends Described {
  readonly params?: Params;
  readonly query?: Query;
  /** Media types and size of the body; absent where there is none. */
  readonly consumes?: { readonly mediaTypes: readonly string[]; readonly limitBytes: number };
  /** The JSON answer, or absent where the answer is bytes of `produces`. */
  readonly answer?: Answer;
  readonly produces?: readonly string[];
  readonly handle: (
    input: RouteInput<OutputOf<Params>, OutputOf<Query>, RawBody | undefined>,
  ) => Promise<Result<Answer extends Schema ? z.input<Answer> : RawAnswer, Problem>>;
}

/** A route as the shell and the OpenAPI document see it. */
export interface Route extends Described {
  readonly params?: Schema | undefined;
  readonly query?: Schema | undefined;
  readonly body?: Schema | undefined;
  readonly answer?: Schema | undefined;
  readonly consumes?: { readonly mediaTypes: readonly string[]; readonly limitBytes: number };
  readonly produces?: readonly string[];
  handle(input: RouteInput<unknown, unknown, unknown>): Promise<Result<unknown, Problem>>;
}

/** Describes one JSON route: its schemas check the request, shape the answer and draw the document. */
export const defineRoute = <
  Answer extends Schema,
  Params extends Schema | undefined = undefined,
  Query extends Schema | undefined = undefined,
  Body extends Schema | undefined = undefined,
>(
  spec: RouteSpec<Params, Query, Body, Answer>,
): Route => spec;

/** Describes one route that takes or gives bytes. */
export const defineRawRoute = <
  Params extends Schema | undefined = undefined,
  Answer extends Schema | undefined = undefined,
  Query extends Schema | undefined = undefined,
>(
  spec: RawRouteSpec<Params, Query, Answer>,
): Route => spec;

/** The status of the route's success. */
export const statusOf = (route: Route): number => route.status ?? (route.method === 'post' ? 201 : 200);

/** True where the route changes something and therefore asks for an Idempotency-Key. */
export const needsKey = (route: Route): boolean => route.method !== 'get' && route.idempotency !== 'none';
