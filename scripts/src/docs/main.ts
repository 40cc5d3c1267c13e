import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePages } from './pages.ts';

/** `npm run docs`: writes anew what stands between the marks of the pages in docs/. */
const root = fileURLToPath(new URL('../../..', import.meta.url));
for (const { path, present, made } of await makePages(root)) {
  if (made !== present) await writeFile(join(root, path), made);
  console.log(`${made === present ? 'unchanged' : 'rewritten'}  ${path}`);
}
