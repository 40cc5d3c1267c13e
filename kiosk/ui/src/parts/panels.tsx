import type { Intent, Prefs } from '@tessera/shared/protocol/ui';
import { languageOrder, languages, type Words } from '../words/index.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import { Sheet } from './sheet.tsx';

interface PanelProps {
  readonly words: Words;
  readonly prefs: Prefs;
  readonly send: (intent: Intent) => void;
  readonly onClose: () => void;
}

/** Picks the language: each is named in itself, and read out in itself. */
export function LanguagePanel({ words, send, onClose }: PanelProps) {
  return (
    <Sheet title={words.languages} onClose={onClose}>
      <div class="choices">
        {languageOrder.map((language) => (
          <button
            key={language}
            type="button"
            class="choice"
            lang={language}
            aria-pressed={language === words.language}
            onClick={() => {
              send({ type: 'set_prefs', prefs: { language } });
              onClose();
            }}
          >
            <span>{languages[language].ownName}</span>
            {language === words.language && <Icon name="check" />}
          </button>
        ))}
      </div>
    </Sheet>
  );
}

type Aid = Exclude<keyof Prefs, 'language'>;
const aids: readonly (readonly [Aid, IconName])[] = [
  ['largeText', 'text'],
  ['highContrast', 'contrast'],
  ['spoken', 'sound'],
];

/** Large text, contrast and spoken help, each on or off at once. */
export function AidsPanel({ words, prefs, send, onClose }: PanelProps) {
  return (
    <Sheet title={words.accessibility} onClose={onClose}>
      <div class="choices">
        {aids.map(([aid, icon]) => (
          <button
            key={aid}
            type="button"
            role="switch"
            class="choice"
            aria-checked={prefs[aid]}
            onClick={() => send({ type: 'set_prefs', prefs: { [aid]: !prefs[aid] } })}
          >
            <Icon name={icon} />
            <span>{words[aid]}</span>
            <span class="switch" aria-hidden="true">
              {prefs[aid] ? words.on : words.off}
            </span>
          </button>
        ))}
      </div>
      <Button kind="primary" onTap={onClose}>
        {words.close}
      </Button>
    </Sheet>
  );
}
