/** A bug put in on purpose: a net that has never caught a fish may have a hole. */
export type Plant = {
  readonly name: string;
  readonly about: string;
  /** Puts the bug in; the answer takes it out again. */
  readonly plant: () => () => void;
};

/** Several patches that are one bug. */
export const both =
  (...plants: (() => () => void)[]): (() => () => void) =>
  () => {
    const undo = plants.map((plant) => plant());
    return () => {
      for (const each of undo) each();
    };
  };

/** Puts another method into a class, or into anything that has it, made from the one that was there. */
export const wrap =
  <Target extends object, Name extends keyof Target>(
    target: Target,
    name: Name,
    make: (original: Target[Name]) => Target[Name],
  ): (() => () => void) =>
  () => {
    const original = target[name];
    target[name] = make(original);
    return () => {
      target[name] = original;
    };
  };
