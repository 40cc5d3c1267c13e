import { problem, type Problem } from '@tessera/shared/problem';
import { err, ok, type Result } from '@tessera/shared/result';
import * as z from 'zod';

const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Which fields are wrong and how: JSON pointer → sentence. Values are not repeated: they may be secret. */
function fieldsOf(issues: readonly z.core.$ZodIssue[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const issue of issues.slice(0, 20)) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys.slice(0, 20))
        fields[pointerOf([...issue.path, key])] = 'This field is not known here.';
    } else fields[pointerOf(issue.path) || '/'] ??= issue.message;
  }
  return fields;
}

/** Checks a value against a schema; a mismatch is the refusal of `code` with the fields that are wrong. */
export function checkFields<S extends z.core.$ZodType>(
  schema: S,
  value: unknown,
  code: 'invalid_fields' | 'not_found' = 'invalid_fields',
): Result<z.output<S>, Problem> {
  const checked = z.safeParse(schema, value);
  if (checked.success) return ok(checked.data);
  return err(problem(code, code === 'invalid_fields' ? { fields: fieldsOf(checked.error.issues) } : {}));
}
