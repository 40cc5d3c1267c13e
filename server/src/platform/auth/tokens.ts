import { createHash } from 'node:crypto';
import type { Chance } from '@tessera/shared/ports';

/** A fresh bearer token: its kind as prefix (so that leaks can be searched for) and 32 random bytes. */
export const newToken = (prefix: 'tsa' | 'tst' | 'tso', chance: Chance): string =>
  `${prefix}_${Buffer.from(chance.bytes(32)).toString('base64url')}`;

/** What is stored of a token. Tokens have 256 random bits, so a plain SHA-256 is enough to make the stored form useless. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

const BEARER = /^Bearer +([A-Za-z0-9_-]{20,200})$/i;

/** The token of an `Authorization` header, if it is a bearer token. */
export const bearerToken = (header: string | undefined): string | undefined => BEARER.exec(header ?? '')?.[1];
