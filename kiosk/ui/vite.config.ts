import { preact } from '@preact/preset-vite';
import { defineConfig } from 'vite';
import { shellFirst } from './build/shell-first.ts';
import { sizeBudget } from './build/size-budget.ts';
import { websocketOnly } from './build/websocket-only.ts';

/** The kiosk's screen: one page, one script, one style sheet, served by the daemon. */
export default defineConfig({
  plugins: [
    websocketOnly(),
    preact({ devToolsEnabled: false, prefreshEnabled: false }),
    shellFirst(),
    sizeBudget({ maxGzipBytes: 45 * 1024 }),
  ],
  resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
  build: {
    target: 'chrome120',
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      // Its transports look at the browser when they are loaded; unused ones may go all the same.
      treeshake: {
        moduleSideEffects: [{ test: /\/engine\.io-client\//, sideEffects: false }],
      },
    },
  },
});
