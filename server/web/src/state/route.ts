import { computed, signal } from '@preact/signals';

/** Where we are: `#/redemptions/01J…?state=in_doubt` is page `redemptions`, item `01J…`, filter `state`. */
export type Route = {
  readonly page: string;
  readonly item: string | undefined;
  readonly filters: URLSearchParams;
};

function read(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page = '', item] = path.split('/').map(decodeURIComponent);
  return { page: page === '' ? 'kiosks' : page, item, filters: new URLSearchParams(query) };
}

const hash = signal(location.hash);
addEventListener('hashchange', () => {
  hash.value = location.hash;
});

export const route = computed(() => read(hash.value));

/** The address of a page, with its filters: every view can be kept, sent and opened again. */
export function linkTo(page: string, item?: string, filters: Readonly<Record<string, string>> = {}): string {
  const kept = Object.entries(filters).filter(([, value]) => value !== '');
  const query = kept.length === 0 ? '' : `?${new URLSearchParams(kept).toString()}`;
  return `#/${page}${item === undefined ? '' : `/${encodeURIComponent(item)}`}${query}`;
}

export function goTo(address: string): void {
  location.hash = address;
}
