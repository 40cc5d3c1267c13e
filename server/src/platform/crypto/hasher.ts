import { hash, verify, type Options } from '@node-rs/argon2';

/** Hashes PINs and passwords. Slow on purpose, so it never runs inside a transaction. */
export interface PasswordHasher {
  hash(secret: string): Promise<string>;
  /** False for a wrong secret; takes the same time for every well-formed hash. */
  verify(hashed: string, secret: string): Promise<boolean>;
}

/** OWASP's first recommendation for argon2id: 19 MiB, two passes, one lane (the library's default algorithm is argon2id). */
const OPTIONS: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The production hasher. */
export const argon2Hasher: PasswordHasher = {
  hash: (secret) => hash(secret, OPTIONS),
  verify: (hashed, secret) => verify(hashed, secret),
};
