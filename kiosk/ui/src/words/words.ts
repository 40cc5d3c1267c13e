import type { Language } from '@tessera/shared/ids/schemas';
import type { OutReason, VendPhase } from '@tessera/shared/protocol/ui';

/** Every sentence of the kiosk in one language. Each language is one file with exactly these keys. */
export interface Words {
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  /** The language's name in itself. */
  readonly ownName: string;
  /** What the speech synthesiser is asked for (BCP 47). */
  readonly voice: string;

  readonly steps: {
    readonly identify: string;
    readonly choose: string;
    readonly confirm: string;
    readonly take: string;
  };
  readonly whereYouAre: string;
  readonly member: string;
  readonly languages: string;
  readonly accessibility: string;
  readonly largeText: string;
  readonly highContrast: string;
  readonly spoken: string;
  readonly on: string;
  readonly off: string;
  readonly close: string;
  readonly back: string;
  readonly done: string;
  readonly end: string;
  readonly help: string;
  /** Whom to ask, where nobody has written it for this kiosk. */
  readonly askHere: string;
  /** `1,250 points`, with the language's separators and plural. */
  readonly points: (points: number) => string;
  /** The figure alone. */
  readonly figure: (points: number) => string;

  readonly oneMoment: string;
  readonly moreTime: string;
  readonly moreTimeWhy: (seconds: number) => string;
  readonly yesMoreTime: string;

  readonly attract: {
    readonly title: string;
    readonly lead: string;
    readonly noCode: string;
    readonly start: string;
    readonly gifts: string;
  };
  readonly out: {
    readonly title: string;
    readonly reasons: Readonly<Record<OutReason, string>>;
    readonly pickup: string;
  };
  readonly identify: {
    readonly title: string;
    readonly code: string;
    readonly card: string;
    readonly typeNumber: string;
    readonly drawing: string;
  };
  readonly number: {
    readonly title: string;
    readonly lead: string;
    readonly wrongDigit: string;
    readonly next: string;
  };
  readonly pin: {
    readonly title: string;
    readonly leadCard: string;
    readonly leadNumber: string;
    readonly typed: (digits: number) => string;
    readonly enter: string;
  };
  readonly keypad: { readonly name: string; readonly erase: string; readonly clear: string };
  readonly checking: { readonly title: string };
  readonly choose: {
    readonly title: string;
    readonly none: string;
    readonly missing: (points: number) => string;
    readonly soldOut: string;
    readonly limit: string;
    readonly page: (page: number, pages: number) => string;
    readonly next: string;
    readonly previous: string;
  };
  readonly confirm: { readonly title: string; readonly price: string; readonly after: string; readonly get: string };
  readonly dispensing: {
    readonly title: string;
    readonly slot: (slot: number) => string;
    readonly phases: Readonly<Record<VendPhase, string>>;
    readonly step: (step: number, steps: number) => string;
  };
  readonly take: {
    readonly title: string;
    readonly taken: string;
    readonly left: string;
    readonly receipt: string;
    readonly another: string;
    readonly drawing: string;
  };
  readonly failed: {
    readonly noPoints: string;
    readonly other: string;
    readonly now: string;
    readonly nowAnother: string;
    readonly another: string;
    /** What to do about an order that was not handed out, by the code of the failure; else `now`. */
    readonly nowOrder: Readonly<Partial<Record<string, string>>>;
  };
  readonly doubt: {
    readonly title: string;
    readonly held: (points: number) => string;
    readonly heldNothing: string;
    readonly next: string;
    readonly reference: string;
    readonly photo: string;
    readonly showReference: string;
    readonly showText: string;
  };
  /** What happened, by the code of the refusal or of the failure. */
  readonly notes: Readonly<Partial<Record<string, string>>> & { readonly other: string };
  readonly attemptsLeft: (attempts: number) => string;
  readonly retryIn: (seconds: number) => string;
}
