import type { Definition } from './rule.ts';

interface Contradiction {
  readonly path: 'when' | 'caps' | 'cooldownHours' | 'pending' | 'bestOf';
  readonly message: string;
  readonly isThere: (definition: Definition) => boolean;
}

const isOf = ({ gives }: Definition, ...kinds: readonly Definition['gives']['kind'][]): boolean =>
  kinds.includes(gives.kind);
const namesProducts = ({ when }: Definition): boolean => (when.products ?? when.categories) !== undefined;

const contradictions: readonly Contradiction[] = [
  {
    path: 'caps',
    message: 'A limit needs at least one cap.',
    isThere: (it) => isOf(it, 'limit') && it.caps.length === 0,
  },
  {
    path: 'caps',
    message: 'What gives nothing needs no cap.',
    isThere: (it) => isOf(it, 'nothing') && it.caps.length > 0,
  },
  {
    path: 'when',
    message: 'A limit is about whole sales.',
    isThere: (it) => isOf(it, 'limit') && namesProducts(it),
  },
  {
    path: 'when',
    message: 'Say which products earn nothing.',
    isThere: (it) => isOf(it, 'nothing') && !namesProducts(it),
  },
  {
    path: 'cooldownHours',
    message: 'Only what gives points can rest.',
    isThere: (it) => isOf(it, 'nothing', 'limit') && it.cooldownHours !== undefined,
  },
  {
    path: 'pending',
    message: 'Only what gives points can keep them back.',
    isThere: (it) => isOf(it, 'nothing', 'limit') && it.pending !== undefined,
  },
  {
    path: 'bestOf',
    message: 'Only multipliers and bonuses exclude each other.',
    isThere: (it) => !isOf(it, 'multiplier', 'bonus') && it.bestOf !== undefined,
  },
];

/** What of a definition makes no sense together. */
export const contradictionsOf = (definition: Definition): readonly Contradiction[] =>
  contradictions.filter(({ isThere }) => isThere(definition));
