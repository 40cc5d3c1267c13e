import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';

/**
 * The yardstick's processes: the same path with nothing on it. `node bare.js server` acknowledges at once; `node bare.js
 * daemon URL` passes each question on and acknowledges with the answer. Each prints its port.
 */
const [role = '', upstream = ''] = process.argv.slice(2);
const http = createServer();
const sockets = new Server(http, { transports: ['websocket'], perMessageDeflate: false, cors: { origin: '*' } });
const server = role === 'daemon' ? io(upstream, { transports: ['websocket'] }) : undefined;

sockets.on('connection', (socket) => {
  socket.on('ask', (question: unknown, answer: (reply: unknown) => void) => {
    if (server) server.emit('ask', question, answer);
    else answer({ ok: true });
  });
});
http.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${String((http.address() as AddressInfo).port)}\n`);
});
process.on('SIGTERM', () => process.exit(0));
