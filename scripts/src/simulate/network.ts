import type { Transport, TransportConnection, TransportHandlers } from '@tessera/kiosk-daemon/link/transport';
import type { Fault } from './coverage.ts';
import type { Door } from './door.ts';
import type { Incarnation } from './incarnation.ts';
import type { SeededChance } from './seeded-chance.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Watch } from './watch.ts';
import type { Weather } from './weather.ts';

export type NetworkDependencies = {
  readonly time: VirtualTime;
  readonly chance: SeededChance;
  readonly weather: () => Weather;
  /** The server that listens now; undefined while none does. */
  readonly door: () => Door | undefined;
  readonly trace: (text: string) => void;
  readonly watch: Watch;
  readonly fault: (what: Fault) => void;
};

/** One kiosk's way to the server: it loses, delays, repeats and reorders messages, and cuts connections, also half of them. */
export class Network {
  #cutUntilMs = 0;
  /** What the next message suffers. */
  #doom: MessageFault | undefined;
  readonly #cables = new Set<Cable>();

  constructor(private readonly deps: NetworkDependencies) {}

  /** The transport of one life of the daemon. */
  transport(life: Incarnation): Transport {
    return {
      connect: (handlers) => {
        const cable = new Cable(this.deps, life, handlers, {
          isCut: () => this.isCut,
          forget: () => this.#cables.delete(cable),
          doom: () => this.#takeDoom(),
        });
        this.#cables.add(cable);
        return cable;
      },
    };
  }

  get isCut(): boolean {
    return this.deps.time.nowMs < this.#cutUntilMs;
  }

  /** The next message, whichever way it goes, suffers this. */
  doomNext(fault: MessageFault): void {
    this.#doom = fault;
  }

  #takeDoom(): MessageFault | undefined {
    const doom = this.#doom;
    this.#doom = undefined;
    return doom;
  }

  /** Cuts the line for a while; `half` where one side is not to notice at once. */
  cut(forMs: number, half?: boolean): void {
    const { chance, weather, time, fault } = this.deps;
    this.#cutUntilMs = Math.max(this.#cutUntilMs, time.nowMs + forMs);
    for (const cable of [...this.#cables]) {
      const isHalf = half ?? chance.happens(weather().halfOpenPerCut);
      fault(isHalf ? 'half_open' : 'cut');
      cable.break(isHalf);
    }
  }

  mend(): void {
    this.#cutUntilMs = 0;
  }
}

/** How long a side may take a dead connection for a living one: what ping time-outs leave. */
const HALF_OPEN_MS = 25_000;

/** What can become of one message. */
export type MessageFault = Extract<Fault, 'lost_message' | 'repeated_message' | 'slow_message'>;

/** What a cable knows of the line that it is part of. */
type Line = {
  readonly isCut: () => boolean;
  readonly forget: () => void;
  readonly doom: () => MessageFault | undefined;
};

type Message = Readonly<Record<string, unknown>>;

class Cable implements TransportConnection {
  #server: { readonly door: Door; readonly peer: ReturnType<Door['open']> } | undefined;
  #broken = false;
  /** One side took it for whole when it broke: what was on its way may still arrive at the server. */
  #lingers = false;
  #toldKiosk = false;
  #toldServer = false;

  constructor(
    private readonly deps: NetworkDependencies,
    private readonly kiosk: Incarnation,
    private readonly handlers: TransportHandlers,
    private readonly line: Line,
  ) {
    kiosk.onDeath(() => {
      this.break(deps.chance.happens(0.3));
    });
    this.#travel(() => {
      this.#open();
    }, true);
  }

  send(name: string, payload: unknown, onAnswer: (answer: unknown) => void): void {
    if (!this.kiosk.isAlive()) return;
    const { time, trace, watch } = this.deps;
    const text = JSON.stringify(payload);
    let answered = false;
    watch.sent(name, payload as Message);
    const arrive = (): void => {
      const { door, peer } = this.#server ?? {};
      if (!door?.life.isAlive() || !peer) return;
      trace(`> ${name}`);
      const arrived = JSON.parse(text) as Message;
      const arrivedMs = time.nowMs;
      void peer.receive(name, arrived).then((answer) => {
        if (!door.life.isAlive()) return;
        watch.answered({
          cable: this,
          door,
          peer,
          event: name,
          payload: arrived,
          answer: answer as Message,
          arrivedMs,
        });
        const reply = JSON.stringify(answer);
        this.#travel(() => {
          if (answered || !this.kiosk.isAlive()) return;
          answered = true;
          onAnswer(JSON.parse(reply));
        });
      });
    };
    this.#travel(arrive, false, () => {
      this.#linger(arrive);
    });
    if (this.deps.chance.happens(this.deps.weather().repeatedPerMessage)) this.#repeat(arrive);
  }

  #repeat(arrive: () => void): void {
    this.deps.fault('repeated_message');
    this.#travel(arrive, true);
  }

  close(): void {
    this.break(false);
  }

  /** Ends the connection; in a half-open one each side finds out late. */
  break(halfOpen: boolean): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#lingers = halfOpen;
    this.line.forget();
    const { time, chance } = this.deps;
    time.after(halfOpen ? chance.integer(HALF_OPEN_MS) : 1, () => {
      this.#tellKiosk();
    });
    time.after(halfOpen ? chance.integer(HALF_OPEN_MS) : 1, () => {
      this.#tellServer();
    });
  }

  #open(): void {
    const door = this.deps.door();
    if (!door?.life.isAlive() || this.line.isCut()) {
      this.break(false);
      return;
    }
    door.life.onDeath(() => {
      this.break(this.deps.chance.happens(0.3));
    });
    const peer = door.open({
      push: (name, payload) => {
        if (!door.life.isAlive()) return;
        const text = JSON.stringify(payload);
        this.#travel(() => {
          if (this.kiosk.isAlive()) this.handlers.push(name, JSON.parse(text));
        }, name === 'challenge');
      },
      close: () => {
        this.break(false);
      },
    });
    this.#server = { door, peer };
  }

  /** Sends something on its way: it arrives in order most of the time, late sometimes, and sometimes never. */
  #travel(arrive: () => void, isSure = false, onBroken: () => void = () => undefined): void {
    const { time, chance, weather, fault } = this.deps;
    const { latencyMs, lostPerMessage, slowPerMessage, slowMs } = weather();
    const doom = isSure ? undefined : this.line.doom();
    if (doom === 'repeated_message') this.#repeat(arrive);
    if (doom === 'lost_message' || (!isSure && chance.happens(lostPerMessage))) {
      fault('lost_message');
      return;
    }
    const [least, most] = latencyMs;
    const isSlow = doom === 'slow_message' || chance.happens(slowPerMessage);
    if (isSlow) fault('slow_message');
    const late = isSlow ? chance.integer(slowMs) : 0;
    time.after(least + chance.integer(most - least) + late, () => {
      if (this.#broken) onBroken();
      else if (!this.line.isCut()) arrive();
    });
  }

  /** What was on its way when a connection broke halfway: it comes late, unless the server has given the connection up. */
  #linger(arrive: () => void): void {
    const { time, chance } = this.deps;
    if (!this.#lingers) return;
    time.after(chance.integer(HALF_OPEN_MS), () => {
      if (!this.#toldServer) arrive();
    });
  }

  #tellKiosk(): void {
    if (this.#toldKiosk) return;
    this.#toldKiosk = true;
    if (this.kiosk.isAlive()) this.handlers.closed('cut');
  }

  #tellServer(): void {
    if (this.#toldServer) return;
    this.#toldServer = true;
    if (this.#server?.door.life.isAlive()) this.#server.peer.closed();
  }
}
