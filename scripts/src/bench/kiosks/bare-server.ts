import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

/** The yardstick: socket.io with the settings of the kiosks' door and nobody behind it. Prints its port. */
const http = createServer();
new Server(http, { serveClient: false, transports: ['websocket'], perMessageDeflate: false, httpCompression: false });
http.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${String((http.address() as AddressInfo).port)}\n`);
});
