import type { SeededChance } from '../../simulate/seeded-chance.ts';
import { Known } from './from-schema.ts';

const MOST_OF_A_KIND = 60;

/** What is known to exist, by the name that the doors give it: learnt from every answer, so that requests get deep. */
export class Things {
  readonly #found = new Map<string, unknown[]>();

  /** Names whose values are worth remembering. */
  static readonly kinds: ReadonlySet<string> = new Set([
    'memberId',
    'kioskId',
    'rewardId',
    'merchantId',
    'branchId',
    'terminalId',
    'industryId',
    'applicationId',
    'contactId',
    'redemptionId',
    'resolutionId',
    'discrepancyId',
    'sessionId',
    'cardNumber',
    'credentialId',
    'adminId',
    'login',
    'uid',
    'cardUid',
    'pin',
    'slot',
    'price',
    'planogramVersion',
    'journalHead',
    'grant',
    'code',
    'qr',
    'enrolmentCode',
    'cursor',
    'nextCursor',
    'epoch',
    'version',
  ]);

  add(kind: string, value: unknown): void {
    const list = this.#found.get(kind) ?? [];
    if (list.includes(value)) return;
    list.push(value);
    // The first of each kind are what the stage was set with: they stay.
    if (list.length > MOST_OF_A_KIND) list.splice(MOST_OF_A_KIND / 2, 1);
    this.#found.set(kind, list);
  }

  /** Keeps one value of a kind alone: what changes with every message. */
  set(kind: string, value: unknown): void {
    this.#found.set(kind, [value]);
  }

  /** Remembers what an answer tells. */
  learn(answer: unknown): void {
    if (typeof answer !== 'object' || answer === null) return;
    for (const [name, value] of Object.entries(answer)) {
      const plain = typeof value === 'string' || typeof value === 'number';
      if (plain && Things.kinds.has(name)) this.add(name === 'nextCursor' ? 'cursor' : name, value);
      else this.learn(value);
    }
  }

  pick(kind: string, chance: SeededChance): unknown {
    const list = this.#found.get(kind) ?? [];
    return list.length === 0 ? 'nothing' : chance.pick(list);
  }

  /** Puts what exists in the places that stand for it. */
  fill(value: unknown): unknown {
    if (value instanceof Known) {
      const list = this.#found.get(value.kind) ?? [];
      return list.length === 0 ? 'nothing' : list[value.at % list.length];
    }
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((part) => this.fill(part));
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, this.fill(part)]));
  }
}
