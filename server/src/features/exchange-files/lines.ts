import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';

/** A document of a line, or why it is none. */
export type ReadLine = Result<unknown, Problem>;

/** Reads newline-delimited JSON. A last line feed ends the last line; an empty line is a refused one, so that lines keep their numbers. */
export function readLines(bytes: Buffer): ReadLine[] {
  const text = bytes.toString('utf8');
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map(readLine);
}

function readLine(line: string): ReadLine {
  try {
    return ok(JSON.parse(line));
  } catch {
    return err(problem('malformed', { detail: 'This line is not JSON.' }));
  }
}
