import * as z from 'zod/mini';

/**
 * Every refusal of every door, once: stable code → HTTP status and the sentence that tells the person what to do.
 * On HTTP it travels as `application/problem+json` (RFC 9457) with `type` = `https://tessera.invalid/problems/<code>`,
 * on the sockets as `{ok: false, problem}`.
 */
export const problemCatalogue = {
  malformed: [400, 'The request could not be read. Check its syntax and send it again.'],
  invalid_fields: [422, 'Some fields are missing or wrong. The list in "fields" says which.'],
  unauthenticated: [401, 'Sign in first: send a valid bearer token.'],
  forbidden: [403, 'Your role does not allow this.'],
  not_found: [404, 'There is nothing with this identifier.'],
  method_not_allowed: [405, 'This address does not take that method.'],
  conflict: [409, 'This does not fit what is there now. Nothing was changed; look again and decide.'],
  in_flight: [409, 'The same request is still being worked on. Ask again in a moment with the same key.'],
  idempotency_key_missing: [400, 'Send an Idempotency-Key header, so that a repeat has no second effect.'],
  idempotency_key_reused: [422, 'This Idempotency-Key was used with another body. Use a new key for a new request.'],
  too_large: [413, 'The request is too large.'],
  unsupported_media_type: [415, 'Send application/json.'],
  foreign_origin: [403, 'Requests from this web origin are not accepted.'],
  too_many_attempts: [429, 'Too many attempts. Wait, then try again.'],
  overloaded: [503, 'The server has too much work just now. Nothing was changed; try again shortly.'],
  unavailable: [503, 'The server cannot promise to keep this safe right now. Nothing was changed; try again later.'],
  internal: [500, 'Something went wrong on our side. Nothing was confirmed; ask again with the same key.'],
  unsupported_protocol: [426, 'This protocol version is not spoken here. Update the older side.'],
  hello_required: [401, 'Nothing is exchanged before hello has been answered.'],
  bad_signature: [401, 'The signature does not match the enrolled key. Enrol the kiosk again.'],
  kiosk_revoked: [403, 'This kiosk has been revoked. Enrol it again.'],
  kiosk_superseded: [409, 'A newer connection of this kiosk has taken over.'],
  kiosk_cloned: [409, 'Another device has used this kiosk identity. Enrol the kiosk again.'],
  journal_lost: [409, 'The journal of this kiosk was lost, restored or copied. Enrol the kiosk again.'],
  enrolment_code_invalid: [403, 'This enrolment code is wrong, used or expired. Make a new one.'],
  credential_refused: [403, 'This code, card or PIN was not accepted. Check it and try again.'],
  member_suspended: [403, 'This membership is not active. Ask at a merchant or the operator.'],
  session_over: [409, 'This session has ended. Start again.'],
  insufficient_points: [409, 'There are not enough points for this gift.'],
  out_of_stock: [409, 'This gift is sold out here.'],
  limit_reached: [409, 'You have already had this gift as often as allowed.'],
  earning_limit_reached: [409, 'This sale would earn more points than a limit allows. Nothing was recorded.'],
  price_changed: [409, 'The price has changed. Look at the new price and decide again.'],
  planogram_changed: [409, 'The machine was restocked meanwhile. Choose again.'],
  reward_unavailable: [409, 'This gift is not offered at the moment.'],
  redemption_refused: [409, 'This redemption was refused or abandoned before. Start a new one.'],
  pickup_code_invalid: [403, 'This pick-up code is not valid at this machine.'],
  pickup_code_used: [409, 'This pick-up code has been used.'],
  pickup_code_expired: [403, 'This pick-up code has expired. The points go back to the member.'],
  second_person_required: [403, 'A second person has to confirm this.'],
  already_resolved: [409, 'This has been resolved already.'],
  count_not_conclusive: [409, 'This count does not prove what happened. Two staff have to decide.'],
  issuing_suspended: [
    403,
    'This merchant has used up its limit and gives no points until it has paid. Tell its owner.',
  ],
  stale_tap: [409, 'The screen has changed since. Look again.'],
  not_now: [409, 'This is not possible on the present screen.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof problemCatalogue;

const codes = Object.keys(problemCatalogue) as [ProblemCode, ...ProblemCode[]];

/** What a refusal looks like on every wire. `fields` maps a JSON pointer to what is wrong there. */
export const problemSchema = z.object({
  type: z.string(),
  code: z.enum(codes),
  title: z.string(),
  status: z.int(),
  detail: z.optional(z.string()),
  fields: z.optional(z.record(z.string(), z.string())),
  retryAfterMs: z.optional(z.int()),
  /** Facts that let the other side decide again: the new price, the points missing, the attempts left, the present state. */
  facts: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
});

export type Problem = z.infer<typeof problemSchema>;
export type ProblemExtras = Omit<Partial<Problem>, 'type' | 'code' | 'title' | 'status'>;

/** Makes the problem of a code from the catalogue, with what is known of this case. */
export function problem(code: ProblemCode, extras: ProblemExtras = {}): Problem {
  const [status, title] = problemCatalogue[code];
  return { type: `https://tessera.invalid/problems/${code}`, code, title, status, ...extras };
}

/** A refusal as it is answered on a socket. */
export type Refusal = { readonly ok: false; readonly problem: Problem };

/** Wraps a problem as a socket's answer. */
export const refuse = (code: ProblemCode, extras: ProblemExtras = {}): Refusal => ({
  ok: false,
  problem: problem(code, extras),
});
