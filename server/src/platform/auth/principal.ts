import type { Actor } from '../commands/actor.ts';

/** Who asks. A kiosk is not here: it speaks over its socket. */
export type Principal =
  | { readonly kind: 'admin'; readonly id: string; readonly name: string }
  | {
      readonly kind: 'terminal';
      readonly id: string;
      readonly name: string;
      readonly merchantId: string;
      readonly branchId: string | null;
    }
  | { readonly kind: 'public' };

export type Role = Principal['kind'];

/** The principal as it is written in the audit: `admin:<id>`, `terminal:<id>` or `public`. */
export const actorOf = (principal: Principal): Actor =>
  principal.kind === 'public' ? 'public' : `${principal.kind}:${principal.id}`;

/** The local command line: whoever can read the operator's token file on the server's disk. A file, not a person. */
export const OPERATOR_ID = 'operator';
/** The operator as the audit writes it. */
export const OPERATOR_ACTOR: Actor = `admin:${OPERATOR_ID}`;

/** Finds out who sent a bearer token; undefined where nobody did (unknown, expired, revoked). */
export interface Authenticator {
  authenticate(token: string): Promise<Principal | undefined>;
}
