/** The names of what comes and goes: a face for the command line, which starts faster without the services behind the doors. */
export { exportFormats, type ExportFormat } from './exports/files.ts';
export { exportKinds } from './exports/kinds.ts';

/** What can be taken in. */
export const importKinds = ['accruals', 'members'] as const;
export type ImportKind = (typeof importKinds)[number];
