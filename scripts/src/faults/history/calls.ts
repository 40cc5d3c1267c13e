import type { Outcome } from '@tessera/shared/protocol/kiosk-parts';

/** A slot of a kiosk. */
export type AtSlot = { readonly kiosk: string; readonly slot: number };

/** One redemption: its number in this run, whose points it costs and out of which slot. */
export type AtRedemption = AtSlot & { readonly redemption: number; readonly member: string; readonly price: number };

/** What was asked. `told` is what the answer to hello said of a redemption, `slot` a look at a slot. */
export type Call =
  | { readonly call: 'accrue'; readonly member: string; readonly points: number }
  | { readonly call: 'balance' | 'identify'; readonly member: string }
  | (AtRedemption & { readonly call: 'authorise' | 'vending' | 'abandon' | 'told' })
  | (AtRedemption & { readonly call: 'outcome'; readonly outcome: Outcome; readonly rotated: 'yes' | 'no' })
  | (AtSlot & { readonly call: 'load' | 'adjust'; readonly units: number })
  | (AtSlot & { readonly call: 'count'; readonly counted: number })
  | (AtSlot & { readonly call: 'service'; readonly inService: boolean })
  | (AtSlot & { readonly call: 'slot' });

export const accountOf = (member: string): string => `account ${member}`;
export const slotOf = ({ kiosk, slot }: AtSlot): string => `slot ${kiosk}/${String(slot)}`;
