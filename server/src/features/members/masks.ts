const DOTS = '•••';

const firstOf = (word: string): string => [...word][0] ?? '';

/** A name that its owner recognises and a bystander does not: the first character of each word. */
export const maskName = (name: string): string =>
  name
    .split(/\s+/u)
    .filter((word) => word !== '')
    .slice(0, 4)
    .map((word) => firstOf(word) + DOTS)
    .join(' ');

/** An address that its owner recognises: `m•••@e•••.org`, `+49•••89`. */
export function maskAddress(kind: 'email' | 'phone', value: string): string {
  if (kind === 'phone') return `${value.slice(0, 3)}${DOTS}${value.slice(-2)}`;
  const [local = '', domain = ''] = value.split('@');
  const end = domain.includes('.') ? domain.slice(domain.lastIndexOf('.')) : '';
  return `${firstOf(local)}${DOTS}@${firstOf(domain)}${DOTS}${end}`;
}
