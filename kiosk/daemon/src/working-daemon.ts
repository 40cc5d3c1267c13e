import type { DispenserHealth } from '@tessera/hardware/ports';
import type { KioskRequest } from '@tessera/shared/protocol/kiosk';
import type { Daemon } from './dependencies.ts';
import type { Foundation } from './foundation.ts';
import { Link, type Welcome } from './link/link.ts';
import { Outbox } from './link/outbox.ts';
import { KioskTime } from './platform/kiosk-time.ts';
import { within } from './platform/later.ts';
import { RedemptionRunner } from './redemption/runner.ts';
import { ConfigKeeper } from './service/config-keeper.ts';
import { isPickupPossible, outReasonsOf, type ServiceFacts } from './service/out-reasons.ts';
import { SlotKeeper } from './service/slot-keeper.ts';
import { StatusReporter } from './service/status-reporter.ts';
import { SessionController } from './session/controller.ts';
import type { PickupFacts } from './session/pickup-desk.ts';
import type { Surroundings } from './session/screen.ts';

/** The daemon of an enrolled kiosk with a whole journal. This class only joins the parts; each decides for itself. */
export class WorkingDaemon implements Daemon {
  readonly controller: SessionController;
  readonly pictures;
  readonly #base: Foundation;
  readonly #time: KioskTime;
  readonly #slots: SlotKeeper;
  readonly #link: Link;
  readonly #outbox: Outbox;
  readonly #runner: RedemptionRunner;
  readonly #configKeeper: ConfigKeeper;
  readonly #status: StatusReporter;
  #started = false;
  #diskFull = false;
  #hasMetServer = false;
  #offlineSinceMs: number | null;
  #ledgerEpoch: string | null;
  #door: DispenserHealth['door'] = 'unknown';
  #outReasons = '';

  constructor(base: Foundation) {
    const { deps, journal, kiosk, config, pictures, fatal } = base;
    this.#base = base;
    this.pictures = pictures;
    this.#offlineSinceMs = deps.clock.monotonicMs();
    this.#ledgerEpoch = kiosk.data.ledgerEpoch;
    this.#time = new KioskTime(deps.clock, () => kiosk.data.lastServerTimeMs);
    this.#slots = new SlotKeeper({ ...deps, kiosk, config, book: journal.book });
    const onChange = (): void => this.#changed();
    this.#configKeeper = new ConfigKeeper({
      ...deps,
      saveAfterMs: deps.timeouts.configSaveMs,
      config,
      journal,
      slots: this.#slots,
      pictures,
      onChange,
      fatal,
    });
    this.#link = this.#makeLink();
    this.#outbox = new Outbox({
      ...deps,
      journal,
      link: this.#link,
      mustReplayGrants: () => this.#ledgerEpoch !== kiosk.data.ledgerEpoch,
      grantsReplayed: () => kiosk.update({ ledgerEpoch: this.#ledgerEpoch }),
      onChange,
      fatal,
    });
    this.#runner = new RedemptionRunner({ ...deps, hit: base.hit, journal, link: this.#link, slots: this.#slots });
    this.controller = this.#makeController();
    this.#status = new StatusReporter({
      ...deps,
      link: this.#link,
      everyMs: deps.timeouts.statusEveryMs,
      restMs: deps.timeouts.statusRestMs,
      read: () => this.#readStatus(),
      onTick: () => void this.#lookAtDisk().catch(fatal),
      fatal,
    });
  }

  async start(): Promise<void> {
    const { deps, journal } = this.#base;
    const { dispenser, readers, metrics, log } = deps;
    await this.#runner.recover();
    await this.#lookAtDisk();
    this.#door = dispenser.health.door;
    dispenser.onHealth((health) => this.#healthChanged(health));
    dispenser.onStrayDrop((atMs) => this.#strayDrop(atMs));
    readers.scanner.onRead((text) => this.controller.scanned(text));
    readers.card.onRead((uid) => this.controller.cardRead(uid));
    for (const name of ['scanner', 'card'] as const) {
      readers[name].onHealth((healthy) => this.#readerChanged(name, healthy));
    }
    journal.onDurable(() => this.#outbox.kick());
    metrics.gauge(
      'tessera_kiosk_outbox_reports',
      'Reports that the server has not acknowledged.',
      () => this.#outbox.size,
    );
    metrics.gauge('tessera_kiosk_journal_bytes', 'Size of the journal.', () => journal.bytes);
    metrics.gauge('tessera_kiosk_online', '1 while the server has answered hello.', () => Number(this.#link.online));
    for (const [name, reader] of Object.entries(readers)) {
      const help = 'Stretches of bytes from this reader that were nothing.';
      metrics.gauge(`tessera_kiosk_${name}_garbage`, help, () => reader.refused ?? 0);
      metrics.gauge(`tessera_kiosk_${name}_up`, '1 while this reader is there.', () => Number(reader.healthy));
    }
    this.#started = true;
    log('started', { seq: journal.head.seq });
    this.#link.start();
    this.#status.start();
    this.#wakeAfterGrace();
    this.#changed();
  }

  async stop(): Promise<void> {
    const { deps, journal } = this.#base;
    this.#started = false;
    this.#changed();
    await within(deps.scheduler, deps.timeouts.stopMs, this.#runner.whenIdle());
    this.#status.stop();
    this.#outbox.stop();
    this.#link.stop();
    this.controller.stop();
    await this.#configKeeper.stop();
    await journal.close();
    deps.log('stopped');
  }

  #makeLink(): Link {
    const { deps, journal, kiosk, identity, hit, fatal } = this.#base;
    return new Link({
      ...deps,
      hit,
      journal,
      identity,
      configRevision: () => this.#configKeeper.revision,
      nextCounter: async () => {
        const counter = kiosk.data.counter + 1;
        await kiosk.update({ counter });
        return counter;
      },
      onWelcome: (welcome) => this.#welcome(welcome),
      onConfig: (config) => void this.#configKeeper.takePush(config).catch(fatal),
      onChange: () => this.#linkChanged(),
      fatal,
    });
  }

  #makeController(): SessionController {
    const { deps, fatal } = this.#base;
    return new SessionController({
      ...deps,
      link: this.#link,
      runner: this.#runner,
      pickupFacts: () => this.#pickupFacts(),
      defaultPrefs: deps.prefs,
      surroundings: () => this.#surroundings(),
      online: () => this.#link.online,
      onState: () => this.#status.changed(),
      fatal,
    });
  }

  /** An answered hello: the server's time, its ledger's epoch, and all of its configuration. */
  async #welcome({ serverTimeMs, ledgerEpoch, config }: Welcome): Promise<void> {
    const { kiosk } = this.#base;
    this.#time.tell(serverTimeMs);
    this.#ledgerEpoch = ledgerEpoch;
    // The first server that a kiosk meets has nothing to be reminded of.
    const isFirst = kiosk.data.ledgerEpoch === null;
    await kiosk.update({ lastServerTimeMs: serverTimeMs, ...(isFirst ? { ledgerEpoch } : {}) });
    await this.#configKeeper.take(config);
  }

  #linkChanged(): void {
    if (this.#link.online) {
      this.#offlineSinceMs = null;
      this.#hasMetServer = true;
    } else if (this.#offlineSinceMs === null) {
      this.#offlineSinceMs = this.#base.deps.clock.monotonicMs();
      this.#wakeAfterGrace();
    }
    this.#outbox.kick();
    this.#changed();
  }

  #wakeAfterGrace(): void {
    const { scheduler, timeouts } = this.#base.deps;
    scheduler.after(timeouts.offlineGraceMs, () => this.#changed());
  }

  /** Anything around the session may be new: the screen and the server are told where it is. */
  #changed(): void {
    const reasons = outReasonsOf(this.#serviceFacts());
    const text = reasons.join(' ');
    if (text !== this.#outReasons) this.#base.deps.log('service_changed', { reasons });
    this.#outReasons = text;
    this.controller.refresh();
    this.#status.changed();
  }

  #healthChanged(health: DispenserHealth): void {
    const { log, dispenser } = this.#base.deps;
    if (health.door === 'open' && this.#door === 'closed') {
      log('door_opened');
      this.#runner.note('door_opened', null, 'door_switch', null).catch(this.#base.fatal);
    }
    this.#door = dispenser.health.door;
    this.#changed();
  }

  #readerChanged(reader: 'scanner' | 'card', healthy: boolean): void {
    this.#base.deps.log(healthy ? 'reader_back' : 'reader_away', { reader });
    this.#changed();
  }

  #strayDrop(atMs: number): void {
    this.#base.deps.log('stray_drop', { atMs });
    this.#runner.note('stray_drop', null, 'outside_any_vend', null).catch(this.#base.fatal);
  }

  async #lookAtDisk(): Promise<void> {
    const { disk, diskReserveBytes } = this.#base.deps;
    this.#diskFull = (await disk.freeBytes()) < diskReserveBytes;
    if (this.#started) this.#changed();
  }

  #serviceFacts(): ServiceFacts {
    const { deps, journal, config } = this.#base;
    const offlineMs = this.#offlineSinceMs === null ? null : deps.clock.monotonicMs() - this.#offlineSinceMs;
    const isShort = offlineMs !== null && offlineMs < deps.timeouts.offlineGraceMs;
    const short = this.#hasMetServer ? 'waiting' : 'connecting';
    return {
      started: this.#started,
      server: offlineMs === null ? 'online' : isShort ? short : 'offline',
      standing: this.#link.standing,
      health: deps.dispenser.health,
      hasConfig: config.data.config !== null,
      slots: this.#slots.views(),
      diskFull: this.#diskFull,
      usedKnown: journal.book.usedKnown,
    };
  }

  #surroundings(): Surroundings {
    const { deps, config, pictures } = this.#base;
    const facts = this.#serviceFacts();
    return {
      config: config.data.config,
      slots: facts.slots,
      outReasons: outReasonsOf(facts),
      pickupPossible: isPickupPossible(facts),
      tray: deps.dispenser.health.tray,
      reading: { scanner: deps.readers.scanner.healthy, card: deps.readers.card.healthy },
      picturePath: (path) => pictures.localPath(path),
    };
  }

  #pickupFacts(): PickupFacts | null {
    const { journal, config, identity } = this.#base;
    if (!config.data.config || !isPickupPossible(this.#serviceFacts())) return null;
    return {
      kioskId: identity.kioskId,
      nowMs: this.#time.nowMs(),
      config: config.data.config,
      slots: this.#slots.views(),
      stateOf: (id) => journal.book.stateOf(id),
      usedKnown: journal.book.usedKnown,
    };
  }

  #readStatus(): KioskRequest<'status'> {
    const { deps, journal } = this.#base;
    const out = this.#slots.quarantine.map(({ slot, reason }) => `slot ${String(slot)}: ${reason}`);
    const away = Object.entries(deps.readers).flatMap(([name, { healthy }]) => (healthy ? [] : [`${name}: away`]));
    const { tray, door } = deps.dispenser.health;
    return {
      screen: this.controller.state,
      problems: [...outReasonsOf(this.#serviceFacts()), ...away, ...out].slice(0, 50),
      tray,
      door,
      outbox: this.#outbox.size,
      journalHead: journal.head,
    };
  }
}
