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
  /** True for a call that never changes anything, whatever the state. */
  reads(input: Input): boolean;
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

/** A call or a return in the doubly linked list of what has no place yet. */
class Entry {
  previous: Entry | undefined;
  next: Entry | undefined;
  readonly index: number;
  readonly isCall: boolean;
  /** The return of a call, the call of a return. */
  readonly twin: Entry;

  private constructor(index: number, callOfReturn?: Entry) {
    this.index = index;
    this.isCall = callOfReturn === undefined;
    this.twin = callOfReturn ?? new Entry(index, this);
  }

  static call(index: number): Entry {
    return new Entry(index);
  }
}

/** Calls and returns in the order of their times; a return at the same tick as a call comes after it: they overlapped. */
function entriesOf(operations: readonly { invoked: number; returned: number }[]): Entry {
  const events = operations.flatMap(({ invoked, returned }, index) => {
    const call = Entry.call(index);
    return [
      { at: invoked, order: 0, entry: call },
      { at: returned, order: 1, entry: call.twin },
    ];
  });
  events.sort((a, b) => (a.at === b.at ? a.order - b.order : a.at - b.at));
  const head = Entry.call(-1);
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

/**
 * A call that was given its place. `before` is what it found, `others` are states it may have left as well. A `settled` one
 * has no better place: nothing else is tried for it.
 */
type Choice<State> = {
  readonly entry: Entry;
  readonly before: { readonly state: State; readonly high: number };
  readonly others: readonly State[];
  readonly settled: boolean;
};

/** Beyond so many steps a history is given up; a minute's work. */
const LONGEST_SEARCH = 20_000_000;

/**
 * Looks for an order of the calls that keeps real time (a call that returned before another began comes first) and that
 * the model explains: Wing and Gong's search with Lowe's memory of (linearised set, state) pairs that were reached before.
 * Three things need no search: a read that fits here may stand here, since it changes nothing for the others; an unknown
 * call that had no effect may wait for the last moment at which it could have had one; and of unknown calls that are alike,
 * the one that can wait least may have had the effect.
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
  /** The request of each unknown call as text, to find those that are alike. */
  readonly #unknown: ReadonlyMap<number, string>;
  readonly #seen = new Set<string>();
  readonly #choices: Choice<State>[] = [];
  #state: State;
  /** One more than the last call, in the order in which they began, that has its place. */
  #high = 0;
  #best: { readonly reached: number; readonly state: State; readonly stuck: readonly Operation<Input>[] };

  constructor(model: Model<State, Input>, operations: readonly Operation<Input>[]) {
    this.#model = model;
    // In the order of their calls, so that those without a place are few among those that came before `high`.
    this.#operations = [...operations].sort((a, b) => a.invoked - b.invoked);
    this.#head = entriesOf(this.#operations);
    this.#unknown = new Map(
      this.#operations.flatMap(({ input, answer }, index) =>
        answer.kind === 'unknown' ? [[index, JSON.stringify(input)] as const] : [],
      ),
    );
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
      if (entry.isCall) {
        const placed = this.#place(entry, candidates ?? this.#statesAfter(entry));
        candidates = undefined;
        entry = placed ? this.#head.next : entry.next;
        continue;
      }
      if (this.#endWithoutEffect(entry.twin)) {
        entry = this.#head.next;
        continue;
      }
      // This call has returned and found no place: an earlier choice was wrong.
      this.#remember();
      const choice = this.#lastOpenChoice();
      if (!choice) return { kind: 'refused', steps, ...this.#best };
      ({ entry, others: candidates } = choice);
    }
    return { kind: 'accepted', steps };
  }

  /** An unknown call whose last moment has come had no effect; false for another, or where that was tried before. */
  #endWithoutEffect(call: Entry): boolean {
    if (!this.#unknown.has(call.index)) return false;
    const name = this.#nameWith(call, this.#state);
    if (this.#seen.has(name)) return false;
    this.#seen.add(name);
    this.#put(call, this.#state, [], true);
    return true;
  }

  /** The states that a call may leave behind if it comes next and has an effect. */
  #statesAfter({ index }: Entry): readonly State[] {
    const operation = this.#operations[index];
    if (!operation) return [];
    const states = statesAfter(this.#model, this.#state, operation);
    if (!this.#unknown.has(index)) return states;
    if (this.#isSecondChoice(index)) return [];
    const here = this.#model.key(this.#state);
    return states.filter((state) => this.#model.key(state) !== here);
  }

  /** True where an unknown call that asks for the same is under way too, and can wait less. */
  #isSecondChoice(index: number): boolean {
    const request = this.#unknown.get(index);
    const deadline = (at: number): number => this.#operations[at]?.returned ?? Number.POSITIVE_INFINITY;
    for (let entry = this.#head.next; entry?.isCall; entry = entry.next) {
      const other = entry.index;
      if (other === index || this.#unknown.get(other) !== request) continue;
      if (deadline(other) < deadline(index) || (deadline(other) === deadline(index) && other < index)) return true;
    }
    return false;
  }

  /** Gives a call the next place, in the first of these states that leads to something new; false where none does. */
  #place(call: Entry, states: readonly State[]): boolean {
    const operation = this.#operations[call.index];
    for (const [at, state] of states.entries()) {
      const name = this.#nameWith(call, state);
      if (this.#seen.has(name)) continue;
      this.#seen.add(name);
      this.#put(call, state, states.slice(at + 1), operation !== undefined && this.#model.reads(operation.input));
      return true;
    }
    return false;
  }

  /** Names what would be reached: the last call that has its place, those before it that have none, and the state. */
  #nameWith(call: Entry, state: State): string {
    const high = Math.max(this.#high, call.index + 1);
    let name = String(high);
    for (let entry = this.#head.next; entry; entry = entry.next) {
      if (!entry.isCall) continue;
      if (entry.index >= high) break;
      if (entry !== call) name += ` ${String(entry.index)}`;
    }
    return `${name}|${this.#model.key(state)}`;
  }

  #put(entry: Entry, state: State, others: readonly State[], settled: boolean): void {
    this.#choices.push({ entry, before: { state: this.#state, high: this.#high }, others, settled });
    this.#state = state;
    this.#high = Math.max(this.#high, entry.index + 1);
    unlink(entry);
    unlink(entry.twin);
  }

  /** Takes back choices up to the last one that could have been made differently. */
  #lastOpenChoice(): Choice<State> | undefined {
    for (let choice = this.#choices.pop(); choice; choice = this.#choices.pop()) {
      const { entry, before, settled } = choice;
      relink(entry.twin);
      relink(entry);
      this.#state = before.state;
      this.#high = before.high;
      if (!settled) return choice;
    }
    return undefined;
  }

  /** Keeps how far the best order came: that is where to look for the reason of a refusal. */
  #remember(): void {
    if (this.#choices.length <= this.#best.reached) return;
    const stuck: Operation<Input>[] = [];
    for (let entry = this.#head.next; entry?.isCall; entry = entry.next) {
      const operation = this.#operations[entry.index];
      if (operation) stuck.push(operation);
    }
    this.#best = { reached: this.#choices.length, state: this.#state, stuck };
  }
}
