import type { ClientConfig } from 'pg';

/** True for what DATABASE_URL may hold, false for a file of SQLite. */
export const isPostgresAddress = (address: string): boolean => /^postgres(ql)?:\/\//.test(address);

/**
 * Splits `postgres://a/db,postgres://b/db`: the machines that may hold the primary, in the order in which they are asked.
 * @throws Error with a sentence that shows no password
 */
export function readAddresses(text: string): string[] {
  const addresses = text
    .split(/,(?=postgres(?:ql)?:\/\/)/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
  for (const each of addresses) {
    if (!isPostgresAddress(each) || !URL.canParse(each)) {
      throw new Error(
        'DATABASE_URL: An address looks like postgres://user:password@host:5432/database, several with commas.',
      );
    }
  }
  return addresses;
}

/** An address without what is secret in it, for logs and sentences. */
export function shown(address: string): string {
  const url = new URL(address);
  url.password = '';
  return url.toString();
}

const CONNECT_MS = 3_000;

/** What every connection of ours is told; a primary that dies without a word is noticed by keep-alives. */
export const clientConfig = (address: string): ClientConfig => ({
  connectionString: address,
  application_name: 'tessera',
  connectionTimeoutMillis: CONNECT_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
});
