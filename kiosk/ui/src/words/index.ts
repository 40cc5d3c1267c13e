import type { Language } from '@tessera/shared/ids/schemas';
import { ar } from './ar.ts';
import { en } from './en.ts';
import type { Words } from './words.ts';
import { zh } from './zh.ts';

export type { Words } from './words.ts';

/** Every language of the kiosk, in the order in which the attract screen shows them. */
export const languages: Readonly<Record<Language, Words>> = { zh, en, ar };
export const languageOrder: readonly Language[] = ['zh', 'en', 'ar'];
