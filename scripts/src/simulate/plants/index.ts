import { kioskPlants, serverPlants } from './methods.ts';
import type { Plant } from './plant.ts';
import { statementPlants } from './statements.ts';
import { tablePlants } from './tables.ts';

/** All bugs that can be planted. */
export const plants: readonly Plant[] = [...tablePlants, ...kioskPlants, ...serverPlants, ...statementPlants];
