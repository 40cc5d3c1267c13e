import { effect, signal } from '@preact/signals';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
const STORED = 'tessera.theme';

const stored = localStorage.getItem(STORED);
export const theme = signal<Theme>(themes.find((name) => name === stored) ?? 'auto');

effect(() => {
  localStorage.setItem(STORED, theme.value);
  if (theme.value === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme.value;
});
