import { expect } from 'chai';
import { ESLint } from 'eslint';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('../..', import.meta.url));

/** A text as if it stood in a real file of a room: the rules that need types need a file that a project knows. */
const planted: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['@typescript-eslint/no-explicit-any', 'shared/src/points.ts', 'export const bad = (x: any): unknown => x;'],
  ['no-restricted-syntax', 'shared/src/points.ts', 'export default 1;'],
  ['no-restricted-properties', 'kiosk/daemon/src/journal/journal.ts', 'export const bad = Date.now();'],
  ['no-restricted-properties', 'server/src/app.ts', "export const bad = process.env['HOME'];"],
  ['no-restricted-globals', 'hardware/src/guard/core.ts', 'setTimeout(() => undefined, 1);\nexport {};'],
  ['@typescript-eslint/ban-ts-comment', 'shared/src/points.ts', '// @ts-expect-error\nexport const bad: number = "1";'],
  ['@typescript-eslint/no-floating-promises', 'server/src/app.ts', 'Promise.resolve(1);\nexport {};'],
  [
    'tessera/no-dropped-result',
    'shared/src/points.ts',
    "import { ok, type Result } from './result.ts';\nconst ask = (): Result<number, string> => ok(1);\nask();\nexport {};",
  ],
];

describe('house: lint', function () {
  this.timeout(60_000);
  const eslint = new ESLint({ cwd });

  for (const [rule, filePath, text] of planted) {
    it(`${rule} catches: ${text.split('\n').at(-1) === 'export {};' ? (text.split('\n').at(-2) ?? '') : text}`, async () => {
      const [result] = await eslint.lintText(`${text}\n`, { filePath });
      expect(result?.messages.map(({ ruleId }) => ruleId)).to.include(rule);
    });
  }

  it('lets a Result be dropped aloud', async () => {
    const text =
      "import { ok, type Result } from './result.ts';\nconst ask = (): Result<number, string> => ok(1);\nvoid ask();\nexport {};\n";
    const [result] = await eslint.lintText(text, { filePath: 'shared/src/points.ts' });
    expect(result?.messages.map(({ ruleId }) => ruleId)).to.deep.equal([]);
  });
});
