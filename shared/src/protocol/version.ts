/** The version of both socket protocols that this release speaks, newest first. A side offers all it knows; the newest common one is used. */
export const PROTOCOL_VERSIONS = [1] as const;
export type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];

/** The newest version both sides know; undefined where there is none. */
export function negotiate(offered: readonly number[]): ProtocolVersion | undefined {
  return PROTOCOL_VERSIONS.find((version) => offered.includes(version));
}
