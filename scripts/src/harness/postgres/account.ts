import { chownSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** PostgreSQL refuses to run as root: its own account where there is one, else nobody's. */
const ACCOUNTS = ['postgres', 'nobody'];

export type Account = { readonly uid: number; readonly gid: number };

/** Whom PostgreSQL has to run as; undefined where that is whoever we are. */
export function unprivileged(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const line = ACCOUNTS.map((name) => lines.find((each) => each.startsWith(`${name}:`))).find(Boolean);
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('There is no unprivileged account to run PostgreSQL as.');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Makes a folder that belongs to the account that PostgreSQL runs as. */
export function folderFor(account: Account | undefined, parent: string): string {
  const folder = mkdtempSync(join(parent, 'tessera-pg-'));
  if (account) chownSync(folder, account.uid, account.gid);
  return folder;
}
