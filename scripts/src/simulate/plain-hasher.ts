import type { PasswordHasher } from '@tessera/server/platform/crypto/hasher';

/** Passwords in the clear: the real hash is slow on purpose and has tests of its own. */
export const plainHasher: PasswordHasher = {
  hash: (secret) => Promise.resolve(`plain:${secret}`),
  verify: (hash, secret) => Promise.resolve(hash === `plain:${secret}`),
};
