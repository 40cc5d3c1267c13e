import type { KioskEvent } from '@tessera/shared/protocol/kiosk';

/** Connections to the server. socket.io in production, a queue in tests and in the simulation. Nothing that arrives is trusted. */
export interface Transport {
  /** Opens one connection; it is tried once. `closed` is called exactly once, also where it never opened. */
  connect(handlers: TransportHandlers): TransportConnection;
}

export type TransportHandlers = {
  readonly push: (name: string, payload: unknown) => void;
  readonly closed: (reason: string) => void;
};

export interface TransportConnection {
  /** Sends one message; `onAnswer` is called at most once, with whatever the server acknowledged. */
  send(name: KioskEvent, payload: unknown, onAnswer: (answer: unknown) => void): void;
  close(): void;
}
