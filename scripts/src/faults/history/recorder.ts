import { accountModel } from './account-model.ts';
import { accountOf, slotOf, type AtRedemption, type Call } from './calls.ts';
import { checkHistory, type Answer, type Operation } from './checker.ts';
import { slotModel, type SlotUnits } from './slot-model.ts';

/** A call that has begun. */
export type Begun = { readonly call: Call; readonly invoked: number };

/** Everything that callers asked and were answered, on one clock that ticks with each event. */
export class Recorder {
  readonly #operations: Operation<Call>[] = [];
  #now = 0;

  get operations(): readonly Operation<Call>[] {
    return this.#operations;
  }

  begin(call: Call): Begun {
    return { call, invoked: this.#tick() };
  }

  end({ call, invoked }: Begun, answer: Exclude<Answer, { kind: 'unknown' }>): void {
    this.#operations.push({ input: call, answer, invoked, returned: this.#tick() });
  }

  /** Nobody heard an answer. Call what this gives when the call can have no effect any more. */
  lose({ call, invoked }: Begun): () => void {
    const index = this.#operations.length;
    const lost = { input: call, answer: { kind: 'unknown' }, invoked, returned: Number.POSITIVE_INFINITY } as const;
    this.#operations.push(lost);
    return () => {
      this.#operations[index] = { ...lost, returned: this.#tick() };
    };
  }

  #tick(): number {
    this.#now += 1;
    return this.#now;
  }
}

/** How everything stood before the first call. */
export type Beginning = {
  readonly accounts: ReadonlyMap<string, { readonly available: number; readonly held: number }>;
  readonly slots: ReadonlyMap<string, SlotUnits & { readonly capacity: number }>;
};

/** What was found out about one account or slot. */
export type ObjectVerdict = {
  readonly object: string;
  readonly calls: number;
  readonly steps: number;
  readonly kind: 'accepted' | 'refused' | 'gave_up';
  /** Of a refused one: how far the best order came, how things then stood, and the calls that fit nowhere. */
  readonly why?: { readonly reached: number; readonly state: object; readonly stuck: readonly Operation<Call>[] };
};

/** Redemptions that the calls name, once each. */
function redemptionsOf(operations: readonly Operation<Call>[]): AtRedemption[] {
  const found = new Map<number, AtRedemption>();
  for (const { input } of operations) if ('redemption' in input) found.set(input.redemption, input);
  return [...found.values()];
}

/** Redemptions whose authorise was refused with one word and then with another: a refusal is final, and so is its reason. */
export function changedRefusals(operations: readonly Operation<Call>[]): string[] {
  const codes = new Map<number, Set<string>>();
  for (const { input, answer } of operations) {
    if (input.call !== 'authorise' || answer.kind !== 'refused') continue;
    codes.set(input.redemption, (codes.get(input.redemption) ?? new Set()).add(answer.code));
  }
  return [...codes].flatMap(([redemption, words]) =>
    words.size > 1 ? [`redemption ${String(redemption)} was refused as ${[...words].join(' and as ')}`] : [],
  );
}

/**
 * Splits the calls by account and by slot, and looks at each history alone: linearizability is local. A call that touches
 * both stands in both histories. A count stands with each account that has a redemption in its slot.
 */
export function judge(operations: readonly Operation<Call>[], beginning: Beginning): ObjectVerdict[] {
  const verdicts: ObjectVerdict[] = [];
  for (const [member, initial] of beginning.accounts) {
    const own = operations.filter(({ input }) => 'member' in input && input.member === member);
    const redemptions = redemptionsOf(own);
    const slots = new Set(redemptions.map(slotOf));
    const counts = operations.filter(({ input }) => input.call === 'count' && slots.has(slotOf(input)));
    const history = [...own, ...counts];
    verdicts.push(tell(accountOf(member), history.length, checkHistory(accountModel(initial, redemptions), history)));
  }
  for (const [slot, { capacity, ...initial }] of beginning.slots) {
    const history = operations.filter(({ input }) => 'slot' in input && slotOf(input) === slot);
    const model = slotModel(initial, capacity, redemptionsOf(history));
    verdicts.push(tell(slot, history.length, checkHistory(model, history)));
  }
  return verdicts;
}

function tell(object: string, calls: number, verdict: ReturnType<typeof checkHistory<object, Call>>): ObjectVerdict {
  const { kind, steps } = verdict;
  if (kind !== 'refused') return { object, calls, steps, kind };
  const { reached, state, stuck } = verdict;
  return { object, calls, steps, kind, why: { reached, state, stuck } };
}
