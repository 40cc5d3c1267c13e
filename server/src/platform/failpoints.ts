import type { Failpoints } from '@tessera/shared/ports';

/** Every named place of the server: before and after each durable or visible effect. */
export const failpointNames = [
  'server.commit.before',
  'server.commit.after',
  'server.answer.before',
  'server.answer.after',
  'server.push.before',
  'server.push.after',
  'server.deliver.before',
  'server.deliver.after',
] as const;
export type FailpointName = (typeof failpointNames)[number];

/** Reaches a named place; the type keeps the names in the one list above. */
export const reach = (failpoints: Failpoints, name: FailpointName): void => {
  failpoints.hit(name);
};
