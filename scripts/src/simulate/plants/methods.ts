import { JournalBook } from '@tessera/kiosk-daemon/journal/book';
import { Journal } from '@tessera/kiosk-daemon/journal/journal';
import { JOURNAL_FILE } from '@tessera/kiosk-daemon/journal/open';
import { JournalWriter } from '@tessera/kiosk-daemon/journal/writer';
import { Snapshots } from '@tessera/kiosk-daemon/session/snapshots';
import { Kiosks } from '@tessera/server/features/kiosks/index';
import { Ledger } from '@tessera/server/features/ledger/index';
import { Pickups } from '@tessera/server/features/pickups/index';
import { Redemptions, Resolutions } from '@tessera/server/features/redemptions/index';
import { Stock } from '@tessera/server/features/stock/index';
import { Idempotency } from '@tessera/server/platform/idempotency/idempotency';
import { problem } from '@tessera/shared/problem';
import { err, ok } from '@tessera/shared/result';
import { LossyDisk } from '../lossy-disk.ts';
import { ServerHost } from '../server-host.ts';
import { both, wrap, type Plant } from './plant.ts';

/** What the kiosk does in the wrong order, or not at all. */
export const kioskPlants: readonly Plant[] = [
  {
    name: 'relay-before-journal',
    about: 'The motor turns while its record is still being written.',
    plant: wrap(
      Journal.prototype,
      'step',
      (original) =>
        async function (this: Journal, id, event, facts) {
          const step = original.call(this, id, event, facts);
          return event === 'start' ? ok(['write', 'notice', 'pulse']) : step;
        },
    ),
  },
  {
    name: 'answered-before-durable',
    about: 'A record of the journal is taken for durable when it is only queued.',
    plant: wrap(
      JournalWriter.prototype,
      'append',
      (original) =>
        function (this: JournalWriter, record) {
          void original.call(this, record);
          return Promise.resolve();
        },
    ),
  },
  {
    name: 'fsync-skipped',
    about: 'Nothing is ever forced to the platter.',
    plant: wrap(LossyDisk.prototype, 'sync', () => () => undefined),
  },
  {
    name: 'folder-not-synced',
    about: 'A file is renamed, and its folder not synced.',
    plant: wrap(LossyDisk.prototype, 'syncFolder', () => () => undefined),
  },
  {
    name: 'torn-tail-kept',
    about: 'A torn tail of the journal is not cut before the next record is written behind it.',
    plant: wrap(
      LossyDisk.prototype,
      'replace',
      (original) =>
        function (this: LossyDisk, from, to) {
          const [cut, old] = [this.holds(from), this.holds(to)];
          const isRepair =
            to === JOURNAL_FILE && cut && old && old.length > cut.length && old.subarray(0, cut.length).equals(cut);
          if (!isRepair) original.call(this, from, to);
        },
    ),
  },
  {
    name: 'stale-tap-accepted',
    about: 'A tap that was meant for an older screen counts on the one that is there.',
    plant: wrap(Snapshots.prototype, 'check', () => () => ok(undefined)),
  },
  {
    name: 'pickup-code-reusable',
    about: 'Kiosk and server forget which codes of the web were used.',
    plant: both(
      wrap(
        JournalBook.prototype,
        'stateOf',
        () =>
          function (this: JournalBook, id) {
            return this.open.get(id)?.state ?? 'none';
          },
      ),
      wrap(
        Pickups.prototype,
        'listsFor',
        (original) =>
          async function (this: Pickups, db, kioskId, at) {
            return { ...(await original.call(this, db, kioskId, at)), usedPickups: [] };
          },
      ),
    ),
  },
];

/** What the server believes, or lets pass. */
export const serverPlants: readonly Plant[] = [
  {
    name: 'fence-open',
    about: 'A connection that a newer one has replaced may still speak.',
    plant: wrap(
      Kiosks.prototype,
      'fence',
      () =>
        async function (this: Kiosks, tx, kioskId) {
          const kiosk = await this.find(tx.db, kioskId);
          return kiosk ? ok(kiosk) : err(problem('not_found'));
        },
    ),
  },
  {
    name: 'nonce-reusable',
    about: 'Every connection is challenged with the same nonce.',
    plant: wrap(ServerHost.prototype, 'serverChance', () => (chance) => ({
      bytes: (count) => (count === 32 ? new Uint8Array(count) : chance.bytes(count)),
    })),
  },
  {
    name: 'request-hash-ignored',
    about: 'A key gives its stored answer to any request.',
    plant: wrap(
      Idempotency.prototype,
      'guard',
      (original) =>
        function (this: Idempotency, request, handle) {
          return original.call(this, { ...request, request: 'any' }, handle) as ReturnType<typeof handle>;
        },
    ),
  },
  {
    name: 'one-person-resolves',
    about: 'Whoever proposed how a redemption ended may confirm it too.',
    plant: wrap(
      Resolutions.prototype,
      'confirm',
      (original) =>
        function (this: Resolutions, tx, id, about) {
          return original.call(this, { ...tx, actor: 'admin:nobody' }, id, about);
        },
    ),
  },
  {
    name: 'balance-not-conditional',
    about: 'Points are held that the member does not have.',
    plant: wrap(
      Ledger.prototype,
      'hold',
      (original) =>
        function (this: Ledger, tx, request) {
          return original.call(this, tx, request, true);
        },
    ),
  },
  {
    name: 'count-takes-all-for-fallen',
    about: 'A count that proves anything is taken for the proof that all in doubt fell.',
    plant: wrap(
      Redemptions.prototype,
      'settleByCount',
      (original) =>
        function (this: Redemptions, tx, key) {
          return original.call(this, tx, key, true);
        },
    ),
  },
  {
    name: 'doubt-leaves-slot-open',
    about: 'A slot with a unit in doubt goes on serving.',
    plant: wrap(
      Stock.prototype,
      'doubt',
      (original) =>
        async function (this: Stock, tx, key, brownout) {
          await original.call(this, tx, key, brownout);
          await tx.db
            .updateTable('kiosk_slots')
            .set({ in_service: 1 })
            .where('kiosk_id', '=', key.kioskId)
            .where('slot', '=', key.slot)
            .execute();
        },
    ),
  },
  {
    name: 'release-keeps-unit',
    about: 'A released redemption leaves its unit reserved.',
    plant: wrap(Stock.prototype, 'unreserve', () => () => Promise.resolve()),
  },
];
