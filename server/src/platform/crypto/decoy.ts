import type { PasswordHasher } from './hasher.ts';

/** Verifies secrets such that an unknown id costs the same as a wrong secret. */
export interface SecretCheck {
  /** False for a wrong secret and, after the same work, where there is no hash at all. */
  matches(hashed: string | null | undefined, secret: string): Promise<boolean>;
}

/** @param hasher its own hash of a fixed text is the decoy that unknown ids are compared with */
export function createSecretCheck(hasher: PasswordHasher): SecretCheck {
  let decoy: Promise<string> | undefined;
  return {
    async matches(hashed, secret) {
      decoy ??= hasher.hash('no secret has this hash');
      const against = hashed ?? (await decoy);
      const same = await hasher.verify(against, secret);
      return same && against === hashed;
    },
  };
}
