import type { Problem } from '@tessera/shared/problem';
import type { KioskRequest } from '@tessera/shared/protocol/kiosk';
import { ok, unreachable, type Result } from '@tessera/shared/result';
import type { Tx } from '../../platform/commands/commands.ts';
import type { LinkServices } from './services.ts';

/** Books a physical event that belongs to no redemption, once. Nothing that fell by itself is ever credited to anybody. */
export async function bookVariance(
  { stock, reports, log }: LinkServices,
  tx: Tx,
  kioskId: string,
  report: KioskRequest<'variance'>,
): Promise<Result<object, Problem>> {
  const { eventId, kind, reason, redemptionId } = report;
  const known = report.slot !== null && (await stock.slot(tx.db, { kioskId, slot: report.slot }));
  const slot = known ? report.slot : null;
  const units = kind === 'stray_drop' || kind === 'extra_drop' ? 1 : 0;
  const fresh = await stock.recordVariance(tx, { eventId, kioskId, slot, kind, units, reason, redemptionId });
  if (!fresh) return ok({});
  log.event('kiosk.variance', { kioskId, slot, kind, reason });
  if (slot === null) return ok({});
  const key = { kioskId, slot };
  switch (kind) {
    case 'extra_drop': {
      const booked = redemptionId !== null && (await reports.extraDropReported(tx, kioskId, redemptionId, slot));
      if (!booked) await stock.writeOffFallen(tx, key, 1, kind);
      return ok({});
    }
    case 'stray_drop':
      await stock.writeOffFallen(tx, key, 1, kind);
      return ok({});
    case 'slot_out_of_service':
      await stock.closeSlot(tx, key, reason === '' ? 'kiosk' : reason);
      return ok({});
    case 'door_opened':
      return ok({});
    default:
      return unreachable(kind);
  }
}
