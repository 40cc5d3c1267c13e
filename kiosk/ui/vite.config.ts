import { preact } from '@preact/preset-vite';
import { defineConfig } from 'vite';
import { shellFirst } from './build/shell-first.ts';
import { sizeBudget } from './build/size-budget.ts';
import { textOnly } from './build/text-only.ts';
import { websocketOnly } from './build/websocket-only.ts';

/** The kiosk's screen: one page, one script, one style sheet, served by the daemon. */
export default defineConfig({
  plugins: [
    websocketOnly(),
    textOnly(),
    preact({ devToolsEnabled: false, prefreshEnabled: false }),
    shellFirst(),
    sizeBudget({ maxGzipBytes: 45_000 }),
  ],
  resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
  build: {
    target: 'chrome120',
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      // Engine's transports look at the browser when they are loaded, and `io` decorates itself; unused, both may go.
      treeshake: {
        moduleSideEffects: [{ test: /\/(engine|socket)\.io-client\//, sideEffects: false }],
      },
    },
  },
});
