/** What a call came back with. Of an `unknown` one nobody knows whether it had its effect. */
export type Answer =
  | { readonly kind: 'ok'; readonly facts: Facts }
  | { readonly kind: 'refused'; readonly code: string; readonly facts: Facts }
  | { readonly kind: 'unknown' };
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/**
 * One call on one object, on a clock that all callers share. It may have had its effect at any moment from `invoked` to
 * `returned`; an unknown one may have had none, or one before `returned`, which is Infinity where nothing bounds it.
 */
export type Operation<Input> = {
  readonly input: Input;
  readonly answer: Answer;
  readonly invoked: number;
  readonly returned: number;
};

/** What an object that serves one call at a time may answer, and how it then stands. */
export type Possibility<State> = { readonly state: State; readonly answer: Exclude<Answer, { kind: 'unknown' }> };

/** The sequential model of an object. Facts that it does not name may be anything. */
export type Model<State, Input> = {
  readonly initial: State;
  possibilities(state: State, input: Input): readonly Possibility<State>[];
  /** Two states with one key behave alike for ever. */
  key(state: State): string;
};

/**
 * `refused`: no order of the calls explains all answers. `reached` is how many calls the best order explained, `state` where
 * it led, and `stuck` are the calls of which one would have had to come next. `gave_up`: too many orders to look at.
 */
export type Verdict<State, Input> =
  | { readonly kind: 'accepted'; readonly steps: number }
  | { readonly kind: 'gave_up'; readonly steps: number }
  | {
      readonly kind: 'refused';
      readonly steps: number;
      readonly reached: number;
      readonly state: State;
      readonly stuck: readonly Operation<Input>[];
    };

const factsAgree = (said: Facts, expected: Facts): boolean =>
  Object.entries(expected).every(([name, fact]) => said[name] === fact);

/** The states that an object may be in after this call, given what it answered. */
export function statesAfter<State, Input>(
  model: Model<State, Input>,
  state: State,
  { input, answer }: Pick<Operation<Input>, 'input' | 'answer'>,
): readonly State[] {
  const possible = model.possibilities(state, input);
  if (answer.kind === 'unknown') return distinct(model, [...possible.map((each) => each.state), state]);
  const fitting = possible.filter(({ answer: expected }) => {
    if (expected.kind !== answer.kind || !factsAgree(answer.facts, expected.facts)) return false;
    return expected.kind === 'ok' || (answer.kind === 'refused' && expected.code === answer.code);
  });
  return distinct(
    model,
    fitting.map((each) => each.state),
  );
}

function distinct<State, Input>(model: Model<State, Input>, states: readonly State[]): readonly State[] {
  return states.length < 2 ? states : [...new Map(states.map((state) => [model.key(state), state])).values()];
}

/** A call or a return in the doubly linked list of what is not linearised yet. */
class Entry {
  previous: Entry | undefined;
  next: Entry | undefined;
  readonly index: number;
  /** Undefined for a return. */
  readonly twin: Entry | undefined;

  constructor(index: number, twin?: Entry) {
    this.index = index;
    this.twin = twin;
  }
}

/** Calls and returns in the order of their times; a return at the same tick as a call comes after it: they overlapped. */
function entriesOf(operations: readonly { invoked: number; returned: number }[]): Entry {
  const events = operations.flatMap(({ invoked, returned }, index) => {
    const end = new Entry(index);
    return [
      { at: invoked, order: 0, entry: new Entry(index, end) },
      { at: returned, order: 1, entry: end },
    ];
  });
  events.sort((a, b) => (a.at === b.at ? a.order - b.order : a.at - b.at));
  const head = new Entry(-1);
  let last = head;
  for (const { entry } of events) {
    last.next = entry;
    entry.previous = last;
    last = entry;
  }
  return head;
}

function unlink({ previous, next }: Entry): void {
  if (previous) previous.next = next;
  if (next) next.previous = previous;
}

function relink(entry: Entry): void {
  if (entry.previous) entry.previous.next = entry;
  if (entry.next) entry.next.previous = entry;
}

/** The set of linearised calls. Nearly all of it is a prefix, so its name is short. */
class Linearised {
  readonly #done: Uint8Array;
  #low = 0;
  #high = 0;
  size = 0;

  constructor(count: number) {
    this.#done = new Uint8Array(count);
  }

  add(index: number): void {
    this.#done[index] = 1;
    this.size += 1;
    this.#high = Math.max(this.#high, index + 1);
    while (this.#low < this.#high && this.#done[this.#low] === 1) this.#low += 1;
  }

  remove(index: number): void {
    this.#done[index] = 0;
    this.size -= 1;
    this.#low = Math.min(this.#low, index);
    while (this.#high > 0 && this.#done[this.#high - 1] === 0) this.#high -= 1;
  }

  get name(): string {
    return `${String(this.#low)}:${this.#done.subarray(this.#low, this.#high).join('')}`;
  }
}

/** A call that was given its place. `before` is the state it found, `others` are states it may have left as well. */
type Choice<State> = { readonly entry: Entry; readonly before: State; readonly others: readonly State[] };

/** Beyond so many steps a history is given up; a minute's work. */
const LONGEST_SEARCH = 20_000_000;

/**
 * Looks for an order of the calls that keeps real time (a call that returned before another began comes first) and that
 * the model explains: Wing and Gong's search with Lowe's memory of (linearised set, state) pairs that were reached before.
 * @param operations in any order; all on one object
 */
export function checkHistory<State, Input>(
  model: Model<State, Input>,
  operations: readonly Operation<Input>[],
  longest = LONGEST_SEARCH,
): Verdict<State, Input> {
  return new Search(model, operations).run(longest);
}

class Search<State, Input> {
  readonly #model: Model<State, Input>;
  readonly #operations: readonly Operation<Input>[];
  readonly #head: Entry;
  readonly #linearised: Linearised;
  readonly #seen = new Set<string>();
  readonly #choices: Choice<State>[] = [];
  #state: State;
  #best: { readonly reached: number; readonly state: State; readonly stuck: readonly Operation<Input>[] };

  constructor(model: Model<State, Input>, operations: readonly Operation<Input>[]) {
    this.#model = model;
    // In the order of their calls, so that what is linearised is nearly a prefix.
    this.#operations = [...operations].sort((a, b) => a.invoked - b.invoked);
    this.#head = entriesOf(this.#operations);
    this.#linearised = new Linearised(operations.length);
    this.#state = model.initial;
    this.#best = { reached: -1, state: model.initial, stuck: [] };
  }

  run(longest: number): Verdict<State, Input> {
    let entry = this.#head.next;
    let candidates: readonly State[] | undefined;
    let steps = 0;
    while (entry) {
      steps += 1;
      if (steps > longest) return { kind: 'gave_up', steps };
      if (entry.twin) {
        const placed = this.#place(entry, entry.twin, candidates ?? this.#statesAfter(entry));
        candidates = undefined;
        entry = placed ? this.#head.next : entry.next;
        continue;
      }
      // This call has returned and found no place: an earlier choice was wrong.
      this.#remember();
      const choice = this.#choices.pop();
      if (!choice) return { kind: 'refused', steps, ...this.#best };
      this.#takeBack(choice);
      ({ entry, others: candidates } = choice);
    }
    return { kind: 'accepted', steps };
  }

  #statesAfter({ index }: Entry): readonly State[] {
    const operation = this.#operations[index];
    return operation ? statesAfter(this.#model, this.#state, operation) : [];
  }

  /** Gives a call the next place, in the first of these states that leads to something new; false where none does. */
  #place(call: Entry, end: Entry, states: readonly State[]): boolean {
    this.#linearised.add(call.index);
    for (const [at, state] of states.entries()) {
      const name = `${this.#linearised.name}|${this.#model.key(state)}`;
      if (this.#seen.has(name)) continue;
      this.#seen.add(name);
      this.#choices.push({ entry: call, before: this.#state, others: states.slice(at + 1) });
      this.#state = state;
      unlink(call);
      unlink(end);
      return true;
    }
    this.#linearised.remove(call.index);
    return false;
  }

  #takeBack({ entry, before }: Choice<State>): void {
    if (entry.twin) relink(entry.twin);
    relink(entry);
    this.#linearised.remove(entry.index);
    this.#state = before;
  }

  /** Keeps how far the best order came: that is where to look for the reason of a refusal. */
  #remember(): void {
    if (this.#linearised.size <= this.#best.reached) return;
    const stuck: Operation<Input>[] = [];
    for (let entry = this.#head.next; entry?.twin; entry = entry.next) {
      const operation = this.#operations[entry.index];
      if (operation) stuck.push(operation);
    }
    this.#best = { reached: this.#linearised.size, state: this.#state, stuck };
  }
}
