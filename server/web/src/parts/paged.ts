import { useEffect, useState } from 'preact/hooks';
import type { Page } from '../api/answers.ts';
import { get } from '../api/client.ts';
import { useLive, type Live } from '../api/live.ts';

export type Paged<Item> = {
  readonly live: Live<Page<Item>>;
  readonly rows: readonly Item[];
  /** Reads the next page; undefined at the end. */
  readonly more: (() => void) | undefined;
};

/** A list whose first page is live; older pages are read once, on demand. */
export function usePaged<Item>(path: string, query: Readonly<Record<string, string>> = {}): Paged<Item> {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  search.set('limit', '50');
  const first = `${path}?${search.toString()}`;
  const live = useLive<Page<Item>>(first);
  const [older, setOlder] = useState<readonly Page<Item>[]>([]);
  useEffect(() => {
    setOlder([]);
  }, [first]);
  const cursor = older.length === 0 ? live.data?.nextCursor : older.at(-1)?.nextCursor;
  const more = async (next: string): Promise<void> => {
    const answer = await get<Page<Item>>(`${first}&cursor=${encodeURIComponent(next)}`);
    if (answer.ok) setOlder((before) => [...before, answer.value]);
  };
  return {
    live,
    rows: [...(live.data?.items ?? []), ...older.flatMap((page) => page.items)],
    more: typeof cursor === 'string' ? () => void more(cursor) : undefined,
  };
}
