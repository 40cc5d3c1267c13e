import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const shots = fileURLToPath(new URL('../../artifacts/e2e', import.meta.url));

/** Where a screenshot is kept for people to look at. */
export function shotPath(name: string): string {
  mkdirSync(shots, { recursive: true });
  return join(shots, `${name.replaceAll(/[^a-zA-Z0-9-]+/g, '-').slice(0, 80)}.png`);
}
