import type { Plugin } from 'vite';

/** What socket.io's parser asks of its two binary files, answered for a protocol that has no binary messages. */
const stand: Readonly<Record<string, string>> = {
  './is-binary.js': 'export const isBinary = () => false;\nexport const hasBinary = () => false;',
  './binary.js':
    'export const deconstructPacket = (packet) => ({ packet, buffers: [] });\nexport const reconstructPacket = (packet) => packet;',
};

/**
 * Leaves binary messages out of socket.io's parser (about 0.6 KB gzip): daemon and screen exchange JSON alone. A binary
 * frame that comes all the same is an error to the parser, which closes the connection.
 */
export function textOnly(): Plugin {
  return {
    name: 'tessera-text-only',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!(source in stand) || importer?.includes('/socket.io-parser/') !== true) return null;
      return `\0text-only?${source}`;
    },
    load(id) {
      const [name, source] = id.split('?');
      return name === '\0text-only' && source !== undefined ? stand[source] : null;
    },
  };
}
