import type { JSX } from 'preact';
import { Choice } from './field.tsx';
import { language, languages, say, type Language } from '../state/language.ts';
import { theme, themes, type Theme } from '../state/theme.ts';

const themeWords = { auto: 'themeAuto', light: 'themeLight', dark: 'themeDark' } as const;

/** Language and appearance; kept in this browser. */
export function Preferences(): JSX.Element {
  return (
    <div class="preferences">
      <Choice
        label={say('language')}
        name="language"
        value={language.value}
        options={Object.entries(languages).map(([value, label]) => ({ value, label }))}
        onChange={(value) => {
          language.value = value as Language;
        }}
      />
      <Choice
        label={say('theme')}
        name="theme"
        value={theme.value}
        options={themes.map((value) => ({ value, label: say(themeWords[value]) }))}
        onChange={(value) => {
          theme.value = value as Theme;
        }}
      />
    </div>
  );
}
