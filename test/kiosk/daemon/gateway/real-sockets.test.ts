import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDaemon } from '@tessera/kiosk-daemon/build-daemon';
import type { Daemon } from '@tessera/kiosk-daemon/dependencies';
import { makeDeviceKey } from '@tessera/kiosk-daemon/enrolment/device-key';
import { serveGateway } from '@tessera/kiosk-daemon/gateway/serve';
import { socketIoTransport } from '@tessera/kiosk-daemon/link/socketio-transport';
import { Metrics } from '@tessera/kiosk-daemon/platform/metrics';
import { nodeDisk } from '@tessera/kiosk-daemon/platform/node-disk';
import { defaultTimeouts } from '@tessera/kiosk-daemon/platform/timeouts';
import { openKioskStore } from '@tessera/kiosk-daemon/store/stores';
import { systemChance, systemClock, systemScheduler } from '@tessera/hardware/platform/system';
import { noFailpoints } from '@tessera/shared/ports';
import type { Intent, IntentAnswer, ScreenName, Snapshot } from '@tessera/shared/protocol/ui';
import { expect } from 'chai';
import { io, type Socket } from 'socket.io-client';
import { FakeDispenser } from '../support/fake-dispenser.ts';
import { publicOf } from '../support/fake-server.ts';
import { RealServer } from '../support/real-server.ts';
import { kioskId, qr, tea } from '../support/samples.ts';

/** What the next event of a name brings. */
const heard = (socket: Socket, event: string): Promise<unknown> =>
  new Promise((done) => {
    socket.once(event, (...brought: unknown[]) => done(brought));
  });

const none = { onRead: () => undefined, healthy: true, onHealth: () => undefined };
const fail = (error: unknown): never => {
  throw error;
};

describe('daemon on real sockets and a real disk', function () {
  this.timeout(30_000);
  let folder: string;
  let server: RealServer;
  let daemon: Daemon;
  let gateway: Awaited<ReturnType<typeof serveGateway>>;
  let scan: (text: string) => void = () => undefined;
  const metrics = new Metrics();
  const sockets: Socket[] = [];

  const url = (path = ''): string => `http://127.0.0.1:${String(gateway.port)}${path}`;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tessera-daemon-'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>kiosk</title>');
    const disk = await nodeDisk(join(folder, 'kiosk'));
    const key = await makeDeviceKey(disk, systemChance);
    const log = (): void => undefined;
    const store = await openKioskStore({ disk, log, hit: () => undefined, fatal: fail });
    await store.update({ kioskId });
    server = new RealServer(() => publicOf(key));
    await server.open();
    daemon = await buildDaemon({
      clock: systemClock,
      scheduler: systemScheduler,
      chance: systemChance,
      failpoints: noFailpoints,
      disk,
      transport: socketIoTransport(server.url, 2000),
      dispenser: new FakeDispenser(systemScheduler).attach(() => true),
      readers: { scanner: { ...none, refused: 3, onRead: (listener) => void (scan = listener) }, card: none },
      fetchPicture: () => Promise.resolve(undefined),
      timeouts: { ...defaultTimeouts, backoffFirstMs: 50, backoffMaxMs: 100 },
      prefs: { language: 'zh', largeText: false, highContrast: false, spoken: false },
      log,
      metrics,
      compactAboveBytes: 1e6,
      diskReserveBytes: 1000,
      fatal: fail,
    });
    const hosts = ['127.0.0.1', 'localhost'];
    const door = { daemon, scheduler: systemScheduler, metrics, log, hosts, uiFolder: folder };
    gateway = await serveGateway({ ...door, host: '127.0.0.1', port: 0 });
    await daemon.start();
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.disconnect();
  });

  after(async () => {
    await daemon.stop();
    await gateway.close();
    await server.close();
    await rm(folder, { recursive: true });
  });

  /** A screen: keeps the newest snapshot, taps, and waits for what is shown. */
  function openScreen(options: Parameters<typeof io>[1] = {}): Socket {
    const socket = io(url('/ui'), {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { protocols: [1] },
      ...options,
    });
    sockets.push(socket);
    return socket;
  }

  async function waitFor(socket: Socket, condition: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
    for (;;) {
      const now = daemon.controller.snapshot;
      if (condition(now)) return now;
      await heard(socket, 'snapshot');
    }
  }

  const until = (socket: Socket, name: ScreenName): Promise<Snapshot> =>
    waitFor(socket, ({ screen }) => screen.name === name);

  async function tap(socket: Socket, intent: Intent): Promise<IntentAnswer> {
    const { epoch, version } = daemon.controller.snapshot;
    return (await socket.emitWithAck('intent', { epoch, version, intent })) as IntentAnswer;
  }

  it('serves a gift from the first snapshot to the acknowledged report', async () => {
    const screen = openScreen();
    const [first] = (await heard(screen, 'snapshot')) as [Snapshot];
    expect(first.version).to.be.greaterThan(0);
    await until(screen, 'attract');
    scan(qr);
    await until(screen, 'choose');
    expect(await tap(screen, { type: 'choose', rewardId: tea.rewardId })).to.deep.equal({ ok: true });
    expect(await tap(screen, { type: 'confirm' })).to.deep.equal({ ok: true });
    await until(screen, 'take');
    const { mode } = await stat(join(folder, 'kiosk/device.key'));
    expect(mode & 0o777).to.equal(0o600);
    while (![...server.fake.books.values()].includes('captured')) await new Promise((done) => setImmediate(done));
    expect((await tap(screen, { type: 'end' })).ok).to.equal(true);
  });

  it('says when the server is gone, and comes back by itself', async () => {
    const screen = openScreen();
    await server.close();
    await waitFor(screen, ({ online }) => !online);
    await server.open();
    await waitFor(screen, ({ online }) => online);
  });

  describe('refuses', () => {
    const refusals = async (door: string, code: string): Promise<number> => {
      const text = await metrics.text();
      const line = text.split('\n').find((each) => each.includes(`door="${door}",code="${code}"`));
      return Number(line?.split(' ').at(-1) ?? 0);
    };

    async function expectCounted(door: string, code: string, act: () => Promise<void>): Promise<void> {
      const before = await refusals(door, code);
      const shown = JSON.stringify(daemon.controller.snapshot.screen);
      await act();
      expect(await refusals(door, code)).to.equal(before + 1);
      expect(JSON.stringify(daemon.controller.snapshot.screen)).to.equal(shown);
    }

    for (const [what, payload, code] of [
      ['nothing', undefined, 'invalid_fields'],
      ['a string', 'begin', 'invalid_fields'],
      ['an unknown intent', { epoch: 'x', version: 1, intent: { type: 'give_me_all' } }, 'invalid_fields'],
      ['a version that is no number', { epoch: 'x', version: '1', intent: { type: 'begin' } }, 'invalid_fields'],
      ['an oversize intent', { epoch: 'x'.repeat(4000), version: 1, intent: { type: 'begin' } }, 'too_large'],
      ['a stale tap', { epoch: 'x', version: 1, intent: { type: 'begin' } }, 'stale_tap'],
    ] as const) {
      it(what, () =>
        expectCounted('ui', code, async () => {
          const answer = (await openScreen().emitWithAck('intent', payload)) as IntentAnswer;
          expect(answer.ok || answer.problem.code).to.equal(code);
        }),
      );
    }

    it('a message it does not know', () =>
      expectCounted('ui', 'malformed', async () => {
        const answer = (await openScreen().emitWithAck('drop_everything', {})) as IntentAnswer;
        expect(answer.ok || answer.problem.code).to.equal('malformed');
      }));

    for (const protocols of [[99], 'one', undefined]) {
      it(`a screen that speaks ${JSON.stringify(protocols)}`, () =>
        expectCounted('ui', 'unsupported_protocol', async () => {
          const [error] = (await heard(openScreen({ auth: { protocols } }), 'connect_error')) as [Error];
          expect(error.message).to.equal('unsupported_protocol');
        }));
    }

    it('a web page of another origin', () =>
      expectCounted('ui', 'foreign_origin', async () => {
        await heard(openScreen({ extraHeaders: { Origin: 'http://evil.example' } }), 'connect_error');
      }));

    for (const [what, frame, code] of [
      ['a frame that is far too large', JSON.stringify({ epoch: 'x'.repeat(100_000) }), 'too_large'],
      ['a frame that is no packet', 'zzz', 'malformed'],
      ['a packet of broken JSON', '2/ui,["intent",{"epoch":', 'malformed'],
    ] as const) {
      it(`${what}: the connection ends, with nobody left to answer`, () =>
        expectCounted('ui', code, async () => {
          const screen = openScreen();
          await heard(screen, 'snapshot');
          screen.io.engine.write(frame);
          await heard(screen, 'disconnect');
        }));
    }

    for (const path of ['/', '/kiosk']) {
      it(`the namespace ${path}, which is not its own`, () =>
        expectCounted('ui', 'not_found', async () => {
          const stranger = io(url(path), { transports: ['websocket'], forceNew: true, reconnection: false });
          sockets.push(stranger);
          await Promise.race([
            heard(stranger, 'connect_error'),
            heard(stranger, 'connect').then(() => expect.fail('it was let in')),
          ]);
        }));
    }

    it('a foreign host name, and anything but reading', async () => {
      await expectCounted('http', 'foreign_origin', async () => {
        // fetch does not let a caller choose the host.
        const asked = request(url('/healthz'), { headers: { Host: 'evil.example' } }).end();
        const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume: () => void }];
        response.resume();
        expect(response.statusCode).to.equal(403);
      });
      await expectCounted('http', 'method_not_allowed', async () => {
        expect((await fetch(url('/healthz'), { method: 'POST', body: 'x' })).status).to.equal(405);
      });
      await expectCounted('http', 'not_found', async () => {
        const response = await fetch(url('/pictures/..%2f..%2fdevice.key'));
        expect(response.status).to.equal(404);
        expect(response.headers.get('content-type')).to.match(/^application\/problem\+json/);
      });
    });
  });

  it('serves the screen, its health and its figures', async () => {
    expect(await (await fetch(url('/'))).text()).to.include('<title>kiosk</title>');
    const health = await fetch(url('/healthz'));
    expect(health.status).to.equal(200);
    expect(await health.json()).to.deep.include({ ok: true, online: true });
    const figures = await (await fetch(url('/metrics'))).text();
    expect(figures).to.include('tessera_kiosk_outbox_reports 0');
    expect(figures).to.include('tessera_kiosk_scanner_garbage 3').and.to.include('tessera_kiosk_card_garbage 0');
  });
});
