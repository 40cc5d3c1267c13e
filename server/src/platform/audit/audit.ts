import { createHash } from 'node:crypto';
import type { Chance } from '@tessera/shared/ports';
import type { Tx } from '../commands/commands.ts';
import type { Db } from '../database/database.ts';
import { canonicalJson } from './canonical.ts';

/** Plain facts of an audit line. Names, contacts and anything else of a person go into `personal`. */
export type AuditFacts = Readonly<Record<string, string | number | boolean | null>>;

/** Writes audit lines inside commands; one line commits with what it tells of. */
export class Audit {
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /**
   * Adds a line: who (the command's actor) did what to which subject (`redemption:<id>`, `member:<id>`, …).
   * `personal` values are kept as digests salted per subject, so that erasing the salt erases them.
   */
  async write(
    tx: Tx,
    action: string,
    subject: string,
    facts: AuditFacts = {},
    personal: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const digests = Object.keys(personal).length === 0 ? {} : await this.#digests(tx.db, subject, personal);
    const text = canonicalJson({ ...facts, ...digests });
    tx.record({ at: tx.at, actor: tx.actor, action, subject, facts: text });
  }

  async #digests(db: Db, subject: string, personal: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const fresh = Buffer.from(this.#chance.bytes(16)).toString('hex');
    await db
      .insertInto('audit_salts')
      .values({ subject, salt: fresh })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const { salt } = await db
      .selectFrom('audit_salts')
      .select('salt')
      .where('subject', '=', subject)
      .executeTakeFirstOrThrow();
    return Object.fromEntries(
      Object.entries(personal).map(([name, value]) => [
        `${name}Digest`,
        createHash('sha256').update(`${salt}\n${value}`).digest('hex'),
      ]),
    );
  }
}
