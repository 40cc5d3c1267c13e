import * as z from 'zod';
import { atMs, line } from '../../platform/openapi/fields.ts';

/** The name that a person signs in with. */
const loginField = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._@-]{1,63}$/)
  .describe('Lower-case letters, digits, `.`, `_`, `@`, `-`.');
/** Long rather than odd: length is what counts (NIST SP 800-63B). */
const passwordField = z.string().min(10).max(200);

export const signInBody = z.strictObject({ login: z.string().max(64), password: z.string().max(200) });
export const principalView = z
  .object({
    kind: z.enum(['admin', 'terminal']),
    id: z.string(),
    name: z.string(),
    role: z.enum(['admin', 'terminal']),
    merchantId: z.string().optional(),
    branchId: z.string().nullable().optional(),
  })
  .meta({ id: 'Principal' });
export const sessionView = z.object({ token: z.string(), expiresAt: atMs, principal: principalView });

export const addAdminBody = z.strictObject({ login: loginField, name: line(80).optional(), password: passwordField });
export const adminView = z
  .object({
    id: z.string(),
    login: z.string(),
    name: z.string(),
    state: z.enum(['active', 'disabled']),
    createdAt: atMs,
  })
  .meta({ id: 'Admin' });
