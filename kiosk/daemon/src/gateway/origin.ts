import type { IncomingHttpHeaders } from 'node:http';

const hostname = (url: string): string | undefined => {
  try {
    return new URL(url).hostname;
  } catch {
    return undefined;
  }
};

/**
 * True where a request addresses this daemon by one of its own names (so that a foreign name that resolves to it does not
 * pass), and, coming from a web page, comes from the daemon's own page.
 */
export function isOurOrigin({ host, origin }: IncomingHttpHeaders, hosts: readonly string[]): boolean {
  const addressed = hostname(`http://${host ?? ''}`);
  if (addressed === undefined || !hosts.includes(addressed)) return false;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
