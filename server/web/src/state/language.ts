import { computed, effect, signal } from '@preact/signals';
import { ar } from '../words/ar.ts';
import { en, type WordKey, type Words } from '../words/en.ts';
import { terms } from '../words/terms.ts';
import { zh } from '../words/zh.ts';

export const languages = { zh: '中文', en: 'English', ar: 'العربية' } as const;
export type Language = keyof typeof languages;

const dictionaries: Readonly<Record<Language, Words>> = { zh, en, ar };
const STORED = 'tessera.language';

const isLanguage = (text: string | null | undefined): text is Language =>
  text !== null && text !== undefined && text in languages;

function firstLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (isLanguage(stored)) return stored;
  const wished = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return wished ?? 'en';
}

export type SayKey = WordKey;
export const language = signal<Language>(firstLanguage());
const words = computed(() => dictionaries[language.value]);

/** One sentence in the chosen language; `{0}`, `{1}` are filled in order. */
export function say(key: WordKey, ...values: readonly (string | number)[]): string {
  return words.value[key].replaceAll(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
}

/** The word for a value that comes from the server (a state, an event); the value itself where there is none yet. */
export function wordFor(prefix: 'state' | 'event' | 'msg' | 'variance' | 'count', value: string): string {
  const key = `${prefix}_${value}`;
  return key in en ? words.value[key as WordKey] : value.replaceAll('_', ' ');
}

/** A stable word of the kiosk or the check, said in the chosen language; the word itself where nobody has said it yet. */
export function termFor(kind: 'screen' | 'problem' | 'evidence' | 'value' | 'check', word: string): string {
  return terms[`${kind}.${word}`]?.[language.value] ?? word.replaceAll('_', ' ');
}

const locale = computed(() => ({ zh: 'zh-CN', en: 'en-GB', ar: 'ar-u-nu-latn' })[language.value]);

/** A number with the separators of the language. */
export const numberText = (value: number): string => value.toLocaleString(locale.value);

/** A time in ms since the epoch, short, in the reader's zone. */
export function timeText(timeMs: number | null | undefined): string {
  if (timeMs === null || timeMs === undefined) return '–';
  return new Date(timeMs).toLocaleString(locale.value, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });
}

/** A localised text of the server in the chosen language. */
export const localText = (text: Readonly<Record<Language, string>>): string => text[language.value];

effect(() => {
  localStorage.setItem(STORED, language.value);
  document.documentElement.lang = language.value;
  document.documentElement.dir = language.value === 'ar' ? 'rtl' : 'ltr';
});
