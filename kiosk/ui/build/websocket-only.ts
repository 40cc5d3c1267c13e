import type { Plugin } from 'vite';

const TRANSPORTS = './transports/index.js';

/**
 * Leaves long polling and WebTransport out of socket.io's client: daemon and screen share one machine and speak WebSocket.
 * engine.io-client lists all its transports in one file; this puts a list of one in its place (about 3 KB gzip less).
 */
export function websocketOnly(): Plugin {
  return {
    name: 'tessera-websocket-only',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (source !== TRANSPORTS || importer?.includes('/engine.io-client/') !== true) return null;
      const websocket = await this.resolve('./transports/websocket.js', importer, { skipSelf: true });
      if (websocket === null) throw new Error('engine.io-client has moved its WebSocket transport');
      return `\0websocket-only?${websocket.id}`;
    },
    load(id) {
      const [name, file] = id.split('?');
      if (name !== '\0websocket-only' || file === undefined) return null;
      return `import { WS } from ${JSON.stringify(file)};\nexport const transports = { websocket: WS };`;
    },
  };
}
