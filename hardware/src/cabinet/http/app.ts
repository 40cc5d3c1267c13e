import { fileURLToPath } from 'node:url';
import express, { type Express, type Request, type Response } from 'express';
import type { CabinetView, DemoMember } from '@tessera/hardware/cabinet/dock/view';
import type { Scheduler } from '@tessera/shared/ports';
import { rdm6300Frame } from '../../serial/rdm6300.ts';
import { faultRequestSchema } from '../faults.ts';
import type { CabinetLog } from '../log-events.ts';
import type { Counters } from '../metrics.ts';
import type { CabinetModel } from '../model.ts';
import type { CabinetDevices } from '../view.ts';
import { BODY_LIMIT, Door } from './door.ts';
import { LiveViews } from './live.ts';
import { cardSchema, doorSchema, emptySchema, goodsSchema, resetSchema, scanSchema } from './requests.ts';

export type CabinetAppDependencies = {
  readonly model: CabinetModel;
  readonly devices: CabinetDevices;
  readonly view: () => CabinetView;
  readonly forgetDrops: () => void;
  /** The demo's members with their current codes; empty outside the demo. */
  readonly demoMembers: () => Promise<readonly DemoMember[]>;
  /** Asks a demo member's current code. */
  readonly demoCode: (member: DemoMember) => Promise<string>;
  readonly scheduler: Scheduler;
  readonly counters: Counters;
  readonly log: CabinetLog;
};

/** Hand-written files stay beside the sources; the dock's scripts are compiled. Both paths hold from src and from dist. */
const dockFiles = fileURLToPath(new URL('../../../src/cabinet/dock/page/', import.meta.url));
const tokens = fileURLToPath(import.meta.resolve('@tessera/shared/design/tokens.css'));
const dockScripts = fileURLToPath(new URL('../../../dist/cabinet/dock/', import.meta.url));

/** How often a card on the reader is read, and how often: an RDM6300 repeats its frame for as long as the card is near. */
const CARD_FRAMES = 4;
const CARD_FRAME_MS = 50;

/** The cabinet's HTTP face: the truth, everything that a hand can do to a cabinet, and the dock. */
export function cabinetApp(deps: CabinetAppDependencies): Express {
  const door = new Door(deps);
  const live = new LiveViews(deps);
  const app = express();
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.set({
      'Content-Security-Policy': "default-src 'self'; frame-ancestors 'self'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    });
    next();
  });
  app.use(door.sameOrigin, door.onlyJson, express.json({ limit: BODY_LIMIT }));
  app.get('/healthz', (_request, response) => void response.json({ ok: true }));
  app.get('/state', (_request, response) => void response.json(deps.view()));
  app.get('/events', (_request, response) => {
    live.attach(response);
  });
  app.get('/metrics', (_request, response) => void response.type('text/plain').send(deps.counters.text()));
  devicesRoutes(app, deps, door);
  handsRoutes(app, deps, door);
  demoRoutes(app, deps, door);
  app.all(
    ['/healthz', '/state', '/events', '/metrics', '/scan', '/card', '/faults', '/tray/pickup', '/door', '/reset'],
    door.wrongMethod,
  );
  app.get('/tokens.css', (_request, response) => {
    response.sendFile(tokens);
  });
  app.use(express.static(dockFiles, { extensions: ['html'] }), express.static(dockScripts));
  app.use(door.notFound, door.failed);
  return app;
}

/** Scanner and reader: what a member holds before them. */
function devicesRoutes(app: Express, { devices, counters, scheduler }: CabinetAppDependencies, door: Door): void {
  const answer = (response: Response, device: 'scanner' | 'reader', sent: boolean): void => {
    counters.count('tessera_cabinet_reads_total', `device="${device}",passed="${String(sent)}"`);
    response.status(202).json({ ok: true, sent });
  };
  app.post('/scan', (request, response) => {
    const body = door.body(request, response, scanSchema);
    if (body) answer(response, 'scanner', devices.scanner.device.say(Buffer.from(`${body.text}\r`, 'utf8')));
  });
  app.post('/card', (request, response) => {
    const body = door.body(request, response, cardSchema);
    if (!body) return;
    const frame = rdm6300Frame(body.uid);
    const repeat = (left: number): void => {
      if (left === 0) return;
      scheduler.after(CARD_FRAME_MS, () => {
        devices.reader.device.say(frame);
        repeat(left - 1);
      });
    };
    const sent = devices.reader.device.say(frame);
    repeat(CARD_FRAMES - 1);
    answer(response, 'reader', sent);
  });
}

/** What hands do: break, mend, take, fill, open. Each answers the new truth. */
function handsRoutes(app: Express, deps: CabinetAppDependencies, door: Door): void {
  const { model, log } = deps;
  const done = (response: Response): void => void response.json({ ok: true, state: deps.view() });
  app.post('/faults', (request, response) => {
    const body = door.body(request, response, faultRequestSchema);
    if (!body) return;
    const wrong = model.inject(body);
    if (wrong !== undefined) {
      door.refuse(response, 'invalid_fields', { detail: wrong });
      return;
    }
    log('fault_set', body);
    done(response);
  });
  app.post('/tray/pickup', (request, response) => {
    if (!door.body(request, response, emptySchema)) return;
    const taken = model.pickUp();
    response.json({ ok: true, taken, state: deps.view() });
  });
  app.post('/door', (request, response) => {
    const body = door.body(request, response, doorSchema);
    if (!body) return;
    model.setDoor(body.open);
    done(response);
  });
  app.post('/slots/:slot/goods', (request: Request<{ slot: string }>, response) => {
    const slot = Number(request.params.slot);
    if (!model.hasSlot(slot)) {
      door.refuse(response, 'not_found');
      return;
    }
    const body = door.body(request, response, goodsSchema);
    if (!body) return;
    model.setGoods(slot, body.goods);
    done(response);
  });
  app.post('/reset', (request, response) => {
    const body = door.body(request, response, resetSchema);
    if (!body) return;
    if (body.what === 'faults') model.inject({ fault: 'none' });
    else {
      deps.forgetDrops();
      model.reset();
    }
    done(response);
  });
}

/** One click instead of a telephone: in the demo the dock scans a member's present code. */
function demoRoutes(app: Express, { demoMembers, demoCode, devices }: CabinetAppDependencies, door: Door): void {
  app.get('/demo/members', async (_request, response) => {
    response.json({ members: await demoMembers() });
  });
  app.post('/demo/members/:memberId/scan', async (request: Request<{ memberId: string }>, response) => {
    const member = (await demoMembers()).find(({ memberId }) => memberId === request.params.memberId);
    if (!member) {
      door.refuse(response, 'not_found');
      return;
    }
    if (!door.body(request, response, emptySchema)) return;
    const code = await demoCode(member);
    response.status(202).json({ ok: true, sent: devices.scanner.device.say(Buffer.from(`${code}\r`, 'utf8')) });
  });
}
