import { err, ok, type Result } from '@tessera/shared/result';
import type { Edge, HardwareProblem, OutputLine, Wiring } from '../ports.ts';
import type { CabinetInput, CabinetModel, CabinetOutput } from './model.ts';

/** Whoever holds lines; compared by identity. */
export type Owner = object;

type Terminal<T> = { readonly what: T; readonly activeLow: boolean };

/** Which of the cabinet's parts hangs on which output. */
function outputsOf({ slots, beam, indicator }: Wiring): Map<number, Terminal<CabinetOutput>> {
  const map = new Map<number, Terminal<CabinetOutput>>();
  for (const { slot, motor, activeLow } of slots) map.set(motor, { what: { kind: 'motor', slot }, activeLow });
  if (beam.emitter) map.set(beam.emitter.line, { what: { kind: 'emitter' }, activeLow: beam.emitter.activeLow });
  if (indicator) map.set(indicator.line, { what: { kind: 'indicator' }, activeLow: indicator.activeLow });
  return map;
}

/** Which of the cabinet's sensors hangs on which input. */
function inputsOf({ slots, beam, tray, door }: Wiring): Map<number, Terminal<CabinetInput>> {
  const map = new Map<number, Terminal<CabinetInput>>();
  for (const { slot, home, current, inputsActiveLow: activeLow } of slots) {
    if (home !== null) map.set(home, { what: { kind: 'home', slot }, activeLow });
    if (current !== null) map.set(current, { what: { kind: 'current', slot }, activeLow });
  }
  map.set(beam.input, { what: { kind: 'beam' }, activeLow: beam.activeLow });
  if (tray) map.set(tray.input, { what: { kind: 'tray' }, activeLow: tray.activeLow });
  if (door) map.set(door.input, { what: { kind: 'door' }, activeLow: door.activeLow });
  return map;
}

/**
 * The cabinet's terminals: electrical levels between whoever holds the lines and the model. An output keeps its level when
 * its owner is gone, until the next claim; a wrong polarity drives what it should not, as on a real board.
 */
export class CabinetLines {
  readonly #model: CabinetModel;
  readonly #outputs: Map<number, Terminal<CabinetOutput>>;
  readonly #inputs: Map<number, Terminal<CabinetInput>>;
  readonly #owners = new Map<number, { readonly owner: Owner; readonly activeLow: boolean }>();

  constructor(model: CabinetModel, wiring: Wiring) {
    this.#model = model;
    this.#outputs = outputsOf(wiring);
    this.#inputs = inputsOf(wiring);
  }

  /** Claims outputs for one owner, all inactive, or none of them. */
  claim(owner: Owner, lines: readonly OutputLine[]): Result<void, HardwareProblem> {
    for (const { line } of lines) {
      if (!this.#outputs.has(line)) return err({ code: 'no_such_line', detail: `There is no output ${String(line)}.` });
      const held = this.#owners.get(line);
      if (held && held.owner !== owner) {
        return err({ code: 'busy', detail: `Another process owns output ${String(line)}.` });
      }
    }
    for (const { line, activeLow } of lines) {
      this.#owners.set(line, { owner, activeLow });
      this.#drive(line, activeLow, false);
    }
    return ok(undefined);
  }

  set(owner: Owner, line: number, active: boolean): Result<void, HardwareProblem> {
    const held = this.#owners.get(line);
    if (held?.owner !== owner) return err({ code: 'refused', detail: `Output ${String(line)} is not yours.` });
    this.#drive(line, held.activeLow, active);
    return ok(undefined);
  }

  /** Lets go of all of an owner's outputs and gives them back. */
  release(owner: Owner): void {
    for (const [line, held] of [...this.#owners]) {
      if (held.owner !== owner) continue;
      this.#drive(line, held.activeLow, false);
      this.#owners.delete(line);
    }
  }

  /** The owner died: its outputs are free, and stay as they are driven. */
  orphan(owner: Owner): void {
    for (const [line, held] of [...this.#owners]) if (held.owner === owner) this.#owners.delete(line);
  }

  /** The lines that this cabinet has as inputs. */
  hasInput(line: number): boolean {
    return this.#inputs.has(line);
  }

  /** Reads an input with the reader's idea of its polarity. */
  read({ line, activeLow }: OutputLine): Result<boolean, HardwareProblem> {
    const terminal = this.#inputs.get(line);
    if (!terminal) return err({ code: 'no_such_line', detail: `There is no input ${String(line)}.` });
    return ok(this.#model.read(terminal.what) !== (terminal.activeLow !== activeLow));
  }

  /** Tells of every change of these inputs; the answer ends it. */
  watch(lines: readonly OutputLine[], listener: (edge: Edge) => void): () => void {
    const watched = lines.flatMap(({ line, activeLow }) => {
      const terminal = this.#inputs.get(line);
      return terminal ? [{ line, what: terminal.what, turned: terminal.activeLow !== activeLow }] : [];
    });
    return this.#model.onInput((input, active, atMs) => {
      const at = watched.find(
        ({ what }) =>
          what.kind === input.kind && ('slot' in what ? what.slot : 0) === ('slot' in input ? input.slot : 0),
      );
      if (at) listener({ line: at.line, active: active !== at.turned, atMs });
    });
  }

  #drive(line: number, activeLow: boolean, active: boolean): void {
    const terminal = this.#outputs.get(line);
    if (terminal) this.#model.drive(terminal.what, active !== (terminal.activeLow !== activeLow));
  }
}
