export type { KioskConnection, KioskPeer } from './connection.ts';
export { KioskConfigs } from './config.ts';
export { KioskGateway } from './gateway.ts';
export type { LinkServices } from './services.ts';
export { attachKioskSockets } from './socket-io.ts';
