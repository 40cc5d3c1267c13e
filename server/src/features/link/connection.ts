import type { kioskPushes } from '@tessera/shared/protocol/kiosk';
import type * as z from 'zod/mini';

export type KioskPush = keyof typeof kioskPushes;
export type PushPayload<Name extends KioskPush> = z.infer<(typeof kioskPushes)[Name]>;

/** One connection as the gateway sees it: a socket, or in the simulation a function call. */
export interface KioskConnection {
  push<Name extends KioskPush>(name: Name, payload: PushPayload<Name>): void;
  /** Ends the connection; nothing is sent on it any more. */
  close(): void;
}

/** What the transport calls. */
export interface KioskPeer {
  /** Answers one message; never throws, whatever was sent. */
  receive(event: string, payload: unknown): Promise<object>;
  /** The connection is gone. */
  closed(): void;
}
