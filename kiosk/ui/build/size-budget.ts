import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Fails the build when all its JavaScript together, compressed, is larger than a kiosk may wait for; says the figure always. */
export function sizeBudget({ maxGzipBytes }: { readonly maxGzipBytes: number }): Plugin {
  return {
    name: 'tessera-size-budget',
    apply: 'build',
    writeBundle(_options, bundle) {
      const bytes = Object.values(bundle)
        .filter((file) => file.type === 'chunk')
        .reduce((sum, chunk) => sum + gzipSync(chunk.code, { level: 9 }).length, 0);
      const text = `JavaScript of the kiosk screen: ${(bytes / 1000).toFixed(1)} kB gzip of ${String(maxGzipBytes / 1000)} kB`;
      if (bytes > maxGzipBytes) this.error(text);
      this.info(text);
    },
  };
}
