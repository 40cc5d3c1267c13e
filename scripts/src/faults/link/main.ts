import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';

/**
 * `node main.js LISTEN TARGET`: a cable between the cabinet and those who hold its lines, as a process that can be killed.
 * Each connection is passed through byte by byte; when either end goes, the other goes too.
 */
const [listen = '', target = ''] = process.argv.slice(2);
rmSync(listen, { force: true });
const server = createServer((near) => {
  const far = connect(target);
  near.pipe(far);
  far.pipe(near);
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
});
server.listen(listen);
process.on('SIGTERM', () => process.exit(0));
