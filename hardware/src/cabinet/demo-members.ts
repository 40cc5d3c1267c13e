import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import type { DemoMember } from '@tessera/hardware/cabinet/dock/view';

/** As `scripts/start --json` prints them; a bare list is taken too. */
const memberSchema = z.object({
  memberId: z.string(),
  pin: z.string(),
  points: z.number(),
  cardUid: z.string(),
  qrUrl: z.string(),
});
const membersSchema = z.union([z.array(memberSchema), z.object({ members: z.array(memberSchema) })]);

/** Longer than this nobody waits for a demo member's code, in ms. */
const FETCH_MS = 3_000;

async function readSource(source: string): Promise<string> {
  if (!/^https?:/.test(source)) return readFile(source, 'utf8');
  const response = await fetch(source, { signal: AbortSignal.timeout(FETCH_MS) });
  return response.text();
}

/** Where the demo's members come from: a URL or file that may appear later than the cabinet. Nothing readable is nobody. */
export function demoMembersFrom(source: string | undefined): () => Promise<readonly DemoMember[]> {
  return async () => {
    if (source === undefined || source === '') return [];
    try {
      const parsed = z.parse(membersSchema, JSON.parse(await readSource(source)));
      return Array.isArray(parsed) ? parsed : parsed.members;
    } catch {
      return [];
    }
  };
}

/** The present code of a demo member, from the demo server. */
export async function demoCode({ qrUrl }: DemoMember): Promise<string> {
  const response = await fetch(qrUrl, { signal: AbortSignal.timeout(FETCH_MS) });
  return (await response.text()).trim();
}
