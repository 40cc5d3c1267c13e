import { gifts } from './gifts.ts';
import { money } from './money.ts';
import { people } from './people.ts';
import { points } from './points.ts';
import { sales } from './sales.ts';
import { settlement } from './settlement.ts';
import { stock } from './stock.ts';
import { tiers } from './tiers.ts';

/** Everything that leaves, by the name of its kind. */
export const exportTables = { ...people, ...sales, ...points, ...tiers, ...gifts, ...stock, ...money, ...settlement };

export type ExportKind = keyof typeof exportTables;
export const exportKinds = Object.keys(exportTables) as [ExportKind, ...ExportKind[]];
