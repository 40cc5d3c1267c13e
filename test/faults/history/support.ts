import type { Answer, Model, Operation } from '@tessera/scripts/faults/history/checker';
import { statesAfter } from '@tessera/scripts/faults/history/checker';

export const said = (facts: Record<string, string | number | boolean | null>): Answer => ({ kind: 'ok', facts });
export const refusedAs = (code: string, facts: Record<string, number> = {}): Answer => ({
  kind: 'refused',
  code,
  facts,
});
export const lost: Answer = { kind: 'unknown' };

/** One call with its interval; `returned` is left out where nothing bounds it. */
export const asked = <Input>(
  input: Input,
  answer: Answer,
  invoked: number,
  returned = Number.POSITIVE_INFINITY,
): Operation<Input> => ({ input, answer, invoked, returned });

/** Every order that keeps real time, tried one by one: what the checker must agree with. For a handful of calls. */
export function bruteForce<State, Input>(model: Model<State, Input>, operations: readonly Operation<Input>[]): boolean {
  const explains = (state: State, left: readonly Operation<Input>[]): boolean =>
    left.length === 0 ||
    left
      .filter(({ invoked }) => left.every(({ returned }) => invoked <= returned))
      .some((next) =>
        statesAfter(model, state, next).some((after) =>
          explains(
            after,
            left.filter((each) => each !== next),
          ),
        ),
      );
  return explains(model.initial, operations);
}
