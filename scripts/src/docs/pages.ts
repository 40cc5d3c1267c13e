import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { session } from '@tessera/kiosk-daemon/session/table';
import { drawMachine } from '@tessera/shared/machine';
import { books } from '@tessera/shared/redemption/books';
import { vend } from '@tessera/shared/redemption/vend';
import { settlement } from '@tessera/server/features/settlement/index';
import { logEventParts } from './log-events.ts';
import { drawOneRedemption } from './picture.ts';
import { protocolParts } from './protocol.ts';
import { drawRooms } from './rooms.ts';

const mermaid = (text: string): string => ['```mermaid', text, '```'].join('\n');

/** Page → marker → what stands between its marks. */
async function parts(root: string): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
  return {
    'docs/architecture.md': {
      rooms: mermaid(await drawRooms(root)),
      vend: mermaid(drawMachine(vend)),
      books: mermaid(drawMachine(books)),
      session: mermaid(drawMachine(session)),
      settlement: mermaid(drawMachine(settlement)),
    },
    'docs/protocol.md': protocolParts(),
    'docs/log-events.md': logEventParts(),
  };
}

/** Puts a part between `<!-- made: name -->` and `<!-- end -->`; throws where the page has no such marks. */
export function fill(page: string, name: string, part: string): string {
  const marks = new RegExp(`(<!-- made: ${name} -->)[^]*?(<!-- end -->)`);
  if (!marks.test(page)) throw new Error(`The page has no part "${name}".`);
  return page.replace(marks, (_whole, start: string, end: string) => `${start}\n\n${part}\n\n${end}`);
}

export type Page = { readonly path: string; readonly present: string; readonly made: string };

/** Each page with generated parts: as it is, and as the code says that it should be. */
export async function makePages(root: string): Promise<Page[]> {
  const pictures = [{ path: 'docs/pictures/one-redemption.svg', made: drawOneRedemption() }];
  const drawn = pictures.map(async ({ path, made }) => {
    const present = await readFile(join(root, path), 'utf8').catch(() => '');
    return { path, present, made };
  });
  return Promise.all([
    ...drawn,
    ...Object.entries(await parts(root)).map(async ([path, named]) => {
      const present = await readFile(join(root, path), 'utf8');
      const made = Object.entries(named).reduce((page, [name, part]) => fill(page, name, part), present);
      return { path, present, made };
    }),
  ]);
}
