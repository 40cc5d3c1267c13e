import tseslint from 'typescript-eslint';
import { noDroppedResult } from './scripts/lint/no-dropped-result.js';

const rooms = ['shared/src/**', 'hardware/src/**', 'kiosk/daemon/src/**', 'server/src/**'];

/** Each process has one entry that composes it, and one file that makes the real clock, chance and scheduler. */
const compositionRoots = ['**/main.ts', '**/system.ts'];

const injected =
  'is injected (shared/src/ports.ts): take it as a dependency, so that tests and the simulation can give their own.';

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', 'test/artifacts/', 'coverage/', '.tmp/', 'data/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { tessera: { rules: { 'no-dropped-result': noDroppedResult } } },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'tessera/no-dropped-result': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 10 },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // Our strings are digits, codes and hex.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // A type is as good as an interface: the house uses `type` for data and `interface` for ports.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name: a thing has the same name everywhere.' },
        { selector: 'TSEnumDeclaration', message: 'Use a const array and its union.' },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', 500],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 5],
      complexity: ['error', 16],
    },
  },
  {
    files: rooms,
    ignores: compositionRoots,
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: `The clock ${injected}` },
        { object: 'performance', property: 'now', message: `The clock ${injected}` },
        { object: 'Math', property: 'random', message: `Chance ${injected}` },
        { object: 'process', property: 'env', message: 'The environment is read in main.ts alone.' },
        { object: 'process', property: 'exit', message: 'Only main.ts ends the process.' },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'setTimeout', message: `The scheduler ${injected}` },
        { name: 'setInterval', message: `The scheduler ${injected}` },
        { name: 'setImmediate', message: `The scheduler ${injected}` },
      ],
    },
  },
  {
    // What runs in a terminal speaks on the terminal.
    files: ['scripts/src/**', '**/main.ts', 'server/src/cli/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**'],
    rules: {
      // A `describe` block is a chapter, not a function.
      'max-lines-per-function': 'off',
      // chai's assertions are expressions: expect(x).to.be.true.
      '@typescript-eslint/no-unused-expressions': 'off',
      // A test knows what it has just put in.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // Tools insist on a default export of their configuration.
    files: ['**/*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
