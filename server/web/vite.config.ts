import { preact } from '@preact/preset-vite';
import { defaultClientConditions, defineConfig } from 'vite';

/** The page is served by the server under /admin and calls only its own origin. */
export default defineConfig({
  base: '/admin/',
  plugins: [preact()],
  resolve: { conditions: ['source', ...defaultClientConditions] },
  build: { target: 'es2022', assetsInlineLimit: 0, sourcemap: true, modulePreload: { polyfill: false } },
});
