import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { JournalBook, type Variance } from '@tessera/kiosk-daemon/journal/book';
import { decodeFrame, encodeFrame, GENESIS } from '@tessera/kiosk-daemon/journal/frame';
import { GrantGatherer } from '@tessera/kiosk-daemon/journal/grants';
import { readRecord, type JournalRecord, type VendRecord } from '@tessera/kiosk-daemon/journal/records';
import { replay } from '@tessera/kiosk-daemon/journal/replay';
import { expect } from 'chai';
import { idOf, tea } from '../support/samples.ts';

const order = { via: 'walk_up', slot: 4, rewardId: tea.rewardId, price: 300 } as const;
const pickupOrder = { ...order, via: 'pickup' } as const;
const evidence = { drops: 1, beamBefore: 'alive', beamAfter: 'alive', rotated: 'yes', reason: 'drop_seen' } as const;
const start = { seq: 0, hash: GENESIS };
const base: JournalRecord = {
  kind: 'base',
  format: 1,
  readableBy: 1,
  epoch: idOf(80),
  usedKnown: false,
  crashes: { 4: 2 },
};
const report: Variance = {
  eventId: idOf(40),
  slot: null,
  kind: 'stray_drop',
  reason: 'x',
  redemptionId: null,
};

const vend = (
  id: string,
  event: VendRecord['event'],
  to: VendRecord['to'],
  facts: Partial<VendRecord> = {},
): VendRecord => ({ kind: 'vend', id, event, to, atMs: 5, ...facts });

const requested = (id: string): VendRecord => vend(id, 'request', 'requested', { order });
const accepted = (id: string): VendRecord => vend(id, 'accept_code', 'accepted', { order: pickupOrder });
const begun = (id: string): VendRecord[] => [
  requested(id),
  vend(id, 'authorise', 'authorised', { grant: `g.${id}` }),
  vend(id, 'start', 'vending'),
];

/** A book that took these records, all of which can follow one another. */
function bookOf(...records: JournalRecord[]): JournalBook {
  const book = new JournalBook();
  for (const record of [base, ...records]) expect(book.apply(record), JSON.stringify(record)).to.equal(undefined);
  return book;
}

/** A file of these records, and where each frame ends. */
function fileOf(...records: unknown[]): { file: Buffer; ends: number[]; heads: { seq: number; hash: string }[] } {
  let head = start;
  let file = Buffer.alloc(0);
  const ends: number[] = [];
  const heads = [];
  for (const record of records) {
    const frame = encodeFrame(head, record);
    head = frame.head;
    heads.push(head);
    file = Buffer.concat([file, frame.bytes]);
    ends.push(file.length);
  }
  return { file, ends, heads };
}

describe('a frame of the journal', () => {
  const { bytes, head } = encodeFrame({ seq: 6, hash: 'ab'.repeat(32) }, { hi: 1 });

  it('is length, check, check of both, sequence, hash of the last, and JSON', () => {
    const body = bytes.subarray(12);
    expect(bytes.readUInt32BE(0)).to.equal(body.length);
    expect(bytes.readUInt32BE(4)).to.equal(crc32(body));
    expect(bytes.readUInt32BE(8)).to.equal(crc32(bytes.subarray(0, 8)));
    expect(body.readBigUInt64BE(0)).to.equal(7n);
    expect(body.toString('hex', 8, 40)).to.equal('ab'.repeat(32));
    expect(body.toString('utf8', 40)).to.equal('{"hi":1}');
    expect(head).to.deep.equal({ seq: 7, hash: hash('sha256', body, 'hex') });
    expect(GENESIS).to.equal('0'.repeat(64));
  });

  it('reads back, wherever it stands', () => {
    const at = decodeFrame(Buffer.concat([Buffer.alloc(5, 1), bytes]), 5);
    const read = { kind: 'record', seq: 7, prev: 'ab'.repeat(32), hash: head.hash, json: { hi: 1 } };
    expect(at).to.deep.equal({ ...read, end: 5 + bytes.length });
    expect(decodeFrame(bytes, bytes.length)).to.deep.equal({ kind: 'end' });
  });

  it('that a power cut ended is torn: cut short, or zeros', () => {
    for (const length of [1, 11, 12, bytes.length - 1]) {
      expect(decodeFrame(bytes.subarray(0, length), 0), String(length)).to.deep.equal({ kind: 'torn' });
    }
    expect(decodeFrame(Buffer.alloc(500), 0)).to.deep.equal({ kind: 'torn' });
    const zeroBody = Buffer.concat([bytes.subarray(0, 12), Buffer.alloc(bytes.length - 12)]);
    expect(decodeFrame(zeroBody, 0)).to.deep.equal({ kind: 'torn' });
    expect(decodeFrame(Buffer.concat([zeroBody, Buffer.alloc(7)]), 0)).to.deep.equal({ kind: 'torn' });
  });

  it('that is whole but wrong is the last record, or damage where more follows', () => {
    const wrong = Buffer.from(bytes);
    wrong.writeUInt8(wrong.readUInt8(50) ^ 1, 50);
    expect(decodeFrame(wrong, 0)).to.deep.equal({ kind: 'bad_last' });
    expect(decodeFrame(Buffer.concat([wrong, Buffer.alloc(9)]), 0)).to.deep.equal({ kind: 'bad_last' });
    expect(decodeFrame(Buffer.concat([wrong, bytes]), 0)).to.deep.equal({ kind: 'damaged' });
  });

  it('with a wrong header is the last only where the rest fits it or is nothing', () => {
    const badCheck = Buffer.from(bytes);
    badCheck.writeUInt32BE(1, 8);
    expect(decodeFrame(badCheck, 0)).to.deep.equal({ kind: 'bad_last' });
    const badLength = Buffer.from(bytes);
    badLength.writeUInt32BE(3, 0);
    expect(decodeFrame(badLength, 0), 'the check of the body still fits').to.deep.equal({ kind: 'bad_last' });
    const fittingLength = Buffer.from(badCheck);
    fittingLength.writeUInt32BE(9, 4);
    expect(decodeFrame(fittingLength, 0), 'the length still fits').to.deep.equal({ kind: 'bad_last' });
    const nothingBehind = Buffer.concat([badLength.subarray(0, 12), Buffer.alloc(40)]);
    expect(decodeFrame(nothingBehind, 0)).to.deep.equal({ kind: 'bad_last' });
    expect(decodeFrame(badLength.subarray(0, 12), 0)).to.deep.equal({ kind: 'bad_last' });
    expect(decodeFrame(Buffer.concat([badLength, bytes]), 0)).to.deep.equal({ kind: 'damaged' });
  });

  it('whose checks hold over what is no record is damage', () => {
    const framed = (body: Buffer): Buffer => {
      const frame = Buffer.concat([Buffer.alloc(12), body]);
      frame.writeUInt32BE(body.length, 0);
      frame.writeUInt32BE(crc32(body), 4);
      frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
      return frame;
    };
    expect(decodeFrame(framed(Buffer.alloc(39, 1)), 0)).to.deep.equal({ kind: 'damaged' });
    expect(decodeFrame(framed(Buffer.concat([Buffer.alloc(40), Buffer.from('{')])), 0)).to.deep.equal({
      kind: 'damaged',
    });
    const smallest = framed(Buffer.concat([Buffer.alloc(40), Buffer.from('1')]));
    expect(decodeFrame(smallest, 0)).to.deep.include({ kind: 'record', json: 1 });
  });
});

describe('a record of the journal', () => {
  const kinds: JournalRecord[] = [
    base,
    vend(idOf(1), 'saw_drop', 'dropped', { order, evidence, grant: 'g', refusal: 'r' }),
    { kind: 'variance', report },
    { kind: 'variance_sent', eventId: idOf(40) },
    { kind: 'used', ids: [idOf(3)], complete: true },
    { kind: 'grant', id: idOf(1), grant: 'g', slot: 4, outcome: 'dropped', atMs: 5 },
    { kind: 'damage', bytes: 7 },
  ];

  it('reads back with all that it says', () => {
    for (const record of kinds) expect(readRecord(structuredClone(record)), record.kind).to.deep.equal(record);
    expect(readRecord({ ...kinds[5], outcome: null })).to.deep.include({ outcome: null });
    expect(readRecord(vend(idOf(1), 'start', 'vending'))).to.deep.equal(vend(idOf(1), 'start', 'vending'));
    expect(readRecord(accepted(idOf(1)))).to.deep.equal(accepted(idOf(1)));
  });

  it('of a kind that this release knows is bad where anything is missing or odd', () => {
    for (const record of kinds) {
      for (const field of Object.keys(record).filter(
        (name) => !['order', 'evidence', 'grant', 'refusal'].includes(name),
      )) {
        const { [field]: _, ...rest } = record as Record<string, unknown>;
        expect(readRecord(rest), `${record.kind} without ${field}`).to.equal('bad');
      }
    }
    const grant = kinds[5];
    expect(readRecord({ ...grant, grant: undefined })).to.equal('bad');
    for (const change of [{ slot: 0 }, { price: 1.5 }, { via: 'post' }, { rewardId: 'x' }]) {
      expect(readRecord({ ...kinds[1], order: { ...order, ...change } }), JSON.stringify(change)).to.equal('bad');
    }
  });

  it('of a kind that this release does not know is skipped; what is no record is bad', () => {
    expect(readRecord({ kind: 'weather' })).to.equal('skip');
    for (const bad of [null, 5, 'base', {}, { kind: 7 }, []]) expect(readRecord(bad)).to.equal('bad');
  });
});

describe('a journal that is replayed', () => {
  it('says what it read, to where, and how it ends', () => {
    const records = [base, ...begun(idOf(1))];
    const { file, heads } = fileOf(...records);
    const seen: unknown[] = [];
    const read = replay(file, (record) => seen.push(record));
    expect(read).to.deep.include({ kind: 'read', head: heads.at(-1), end: file.length, tail: 'clean' });
    expect(read.kind === 'read' && read.book.stateOf(idOf(1))).to.equal('vending');
    expect(seen).to.deep.equal(records);
    const torn = replay(file.subarray(0, -1));
    expect(torn).to.deep.include({ kind: 'read', head: heads.at(-2), tail: 'torn' });
    const bad = Buffer.from(file);
    bad[bad.length - 1] = 0;
    expect(replay(bad)).to.deep.include({ kind: 'read', head: heads.at(-2), tail: 'bad_last' });
    expect(replay(Buffer.alloc(0))).to.deep.include({ kind: 'read', head: start, end: 0, tail: 'clean' });
  });

  it('skips what only a newer release knows, and goes on in its chain', () => {
    const { file, heads } = fileOf(base, { kind: 'weather' }, requested(idOf(1)));
    const seen: unknown[] = [];
    const read = replay(file, (record) => seen.push(record));
    expect(read).to.deep.include({ kind: 'read', head: heads[2] });
    expect(seen).to.deep.equal([base, requested(idOf(1))]);
    expect(read.kind === 'read' && read.book.stateOf(idOf(1))).to.equal('requested');
  });

  it('goes on from where a compaction left the chain', () => {
    const frame = encodeFrame({ seq: 90, hash: 'cd'.repeat(32) }, base);
    expect(replay(frame.bytes)).to.deep.include({ kind: 'read', head: frame.head });
  });

  it('stops at what cannot be, and says where', () => {
    const damagedAt = (why: string, at: number, ...records: unknown[]): void => {
      const { file, ends } = fileOf(...records);
      expect(replay(file), why).to.deep.equal({ kind: 'damaged', offset: at === 0 ? 0 : ends[at - 1], why });
    };
    damagedAt('no_base_record', 0, requested(idOf(1)));
    damagedAt('no_base_record', 0, { kind: 'weather' });
    damagedAt('no_base_record', 0, { kind: 'vend' });
    damagedAt('format_of_a_newer_release', 0, { ...base, readableBy: 2 });
    damagedAt('unknown_record', 1, base, { kind: 'vend' });
    damagedAt('never_requested', 1, base, vend(idOf(1), 'start', 'vending'));
    const { file, ends } = fileOf(base, ...begun(idOf(1)));
    const without = Buffer.concat([file.subarray(0, ends[0]), file.subarray(ends[1])]);
    expect(replay(without)).to.deep.equal({ kind: 'damaged', offset: ends[0], why: 'chain_broken' });
    const other = encodeFrame({ seq: 1, hash: GENESIS }, requested(idOf(1))).bytes;
    const swapped = Buffer.concat([file.subarray(0, ends[0]), other]);
    expect(replay(swapped)).to.deep.equal({ kind: 'damaged', offset: ends[0], why: 'chain_broken' });
    const { bytes: leap } = encodeFrame({ seq: 2, hash: fileOf(base).heads[0]!.hash }, requested(idOf(1)));
    const leaping = Buffer.concat([file.subarray(0, ends[0]), leap]);
    expect(replay(leaping)).to.deep.equal({ kind: 'damaged', offset: ends[0], why: 'chain_broken' });
    const broken = Buffer.from(file);
    broken.writeUInt8(broken.readUInt8(ends[0]! + 60) ^ 1, ends[0]! + 60);
    expect(replay(broken)).to.deep.equal({ kind: 'damaged', offset: ends[0], why: 'unreadable_record' });
  });
});

describe('the book of a journal', () => {
  it('knows nothing at first but its epoch, what is used, and crashes in a row', () => {
    expect(new JournalBook()).to.deep.include({ epoch: '', usedKnown: false });
    const book = bookOf();
    expect([book.epoch, book.usedKnown, [...book.crashes], book.idle]).to.deep.equal([idOf(80), false, [[4, 2]], true]);
    expect(book.stateOf(idOf(1))).to.equal('none');
  });

  it('follows a redemption from its request to its acknowledged end', () => {
    const book = bookOf(...begun(idOf(1)));
    const open = { id: idOf(1), state: 'vending', order, evidence: null, revoked: false };
    expect(book.open.get(idOf(1))).to.deep.equal(open);
    expect([book.idle, book.reports.size]).to.deep.equal([false, 0]);
    expect(book.apply(vend(idOf(1), 'saw_drop', 'dropped', { evidence }))).to.equal(undefined);
    expect(book.open.get(idOf(1))).to.deep.equal({ ...open, state: 'dropped', evidence });
    expect([...book.reports]).to.deep.equal([[idOf(1), null]]);
    expect(book.apply(vend(idOf(1), 'restart', 'dropped'))).to.equal(undefined);
    expect(book.open.get(idOf(1))).to.deep.equal({ ...open, state: 'dropped', evidence });
    expect(book.apply(vend(idOf(1), 'acknowledge', 'closed'))).to.equal(undefined);
    expect([book.open.size, book.reports.size, book.idle, book.stateOf(idOf(1))]).to.deep.equal([0, 0, true, 'none']);
  });

  it('says what is wrong with a record that cannot follow', () => {
    const book = bookOf(requested(idOf(1)));
    expect(book.apply(vend(idOf(1), 'start', 'vending'))).to.equal('not_authorised');
    expect(book.apply(vend(idOf(1), 'authorise', 'vending'))).to.equal('impossible_step');
    expect(book.apply(vend(idOf(2), 'request', 'requested'))).to.equal('order_missing');
    expect(book.apply(vend(idOf(2), 'accept_code', 'accepted'))).to.equal('order_missing');
    expect([...book.open.keys()]).to.deep.equal([idOf(1)]);
  });

  it('reports every end but a refusal', () => {
    const ends: [VendRecord[], number][] = [
      [[requested(idOf(1)), vend(idOf(1), 'refuse', 'refused')], 0],
      [[requested(idOf(1)), vend(idOf(1), 'cancel', 'abandoned')], 1],
      [[...begun(idOf(1)), vend(idOf(1), 'proved_absent', 'not_dropped', { evidence })], 1],
      [[...begun(idOf(1)), vend(idOf(1), 'lost_sight', 'unknown', { evidence })], 1],
    ];
    for (const [records, reports] of ends) expect(bookOf(...records).reports.size).to.equal(reports);
  });

  it('uses a code up from the moment in which it could drop, and gives it back before', () => {
    const given = bookOf(accepted(idOf(1)), vend(idOf(1), 'cancel', 'none'));
    expect([given.stateOf(idOf(1)), given.used.size, given.idle]).to.deep.equal(['none', 0, true]);
    const vending = bookOf(accepted(idOf(1)), vend(idOf(1), 'start', 'vending'));
    expect([...vending.used]).to.deep.equal([idOf(1)]);
    const closed = bookOf(
      accepted(idOf(1)),
      vend(idOf(1), 'start', 'vending'),
      vend(idOf(1), 'saw_drop', 'dropped', { evidence }),
      vend(idOf(1), 'acknowledge', 'closed'),
    );
    expect(closed.stateOf(idOf(1))).to.equal('closed');
    expect(bookOf(...begun(idOf(1))).used.size).to.equal(0);
  });

  it('uses a withdrawn code up, also where it never saw the order', () => {
    const book = bookOf(vend(idOf(1), 'revoke', 'abandoned'));
    const open = { id: idOf(1), state: 'abandoned', order: null, evidence: null, revoked: true };
    expect(book.open.get(idOf(1))).to.deep.equal(open);
    expect([...book.used]).to.deep.equal([idOf(1)]);
    expect(book.apply(vend(idOf(1), 'restart', 'abandoned'))).to.equal(undefined);
    expect(book.open.get(idOf(1))).to.deep.equal(open);
    expect(book.apply(vend(idOf(1), 'acknowledge', 'closed'))).to.equal(undefined);
    expect(book.stateOf(idOf(1))).to.equal('closed');
  });

  it('counts energisings in a row that ended with the daemon, until one ends otherwise', () => {
    const crashed = [...begun(idOf(1)), vend(idOf(1), 'restart', 'unknown', { evidence })];
    expect(bookOf(...crashed).crashes.get(4)).to.equal(3);
    const afresh = new JournalBook();
    for (const record of crashed) expect(afresh.apply(record)).to.equal(undefined);
    expect(afresh.crashes.get(4)).to.equal(1);
    const again = afresh.apply(vend(idOf(1), 'restart', 'unknown'));
    expect([again, afresh.crashes.get(4)]).to.deep.equal([undefined, 2]);
    const ends = [
      vend(idOf(1), 'saw_drop', 'dropped', { evidence }),
      vend(idOf(1), 'lost_sight', 'unknown', { evidence }),
      vend(idOf(1), 'proved_absent', 'not_dropped', { evidence }),
    ];
    for (const end of ends) expect(bookOf(...begun(idOf(1)), end).crashes.has(4), end.event).to.equal(false);
    const late = bookOf(...begun(idOf(1)), vend(idOf(1), 'late', 'not_dropped', { evidence }));
    expect(late.crashes.get(4)).to.equal(2);
    expect(bookOf(requested(idOf(1)), vend(idOf(1), 'restart', 'abandoned')).crashes.get(4)).to.equal(2);
  });

  it('keeps what was odd until it is reported, and what others used', () => {
    const book = bookOf({ kind: 'variance', report }, { kind: 'used', ids: [idOf(8), idOf(9)], complete: false });
    expect([...book.reports]).to.deep.equal([[report.eventId, report]]);
    expect([[...book.used], book.usedKnown, book.idle]).to.deep.equal([[idOf(8), idOf(9)], false, false]);
    book.apply({ kind: 'variance_sent', eventId: report.eventId });
    book.apply({ kind: 'used', ids: [], complete: true });
    book.apply({ kind: 'used', ids: [], complete: false });
    expect([book.idle, book.usedKnown]).to.deep.equal([true, true]);
    expect(book.apply(accepted(idOf(1)))).to.equal(undefined);
    book.apply({ kind: 'grant', id: idOf(1), grant: 'g', slot: 4, outcome: null, atMs: 5 });
    expect(book.stateOf(idOf(1))).to.equal('accepted');
  });

  it('takes for driven, after damage, all that was one step before it', () => {
    const book = bookOf(
      requested(idOf(1)),
      requested(idOf(2)),
      vend(idOf(2), 'authorise', 'authorised'),
      accepted(idOf(3)),
      ...begun(idOf(4)),
      vend(idOf(4), 'saw_drop', 'dropped', { evidence }),
    );
    expect(book.apply({ kind: 'damage', bytes: 9 })).to.equal(undefined);
    expect([1, 2, 3, 4].map((n) => book.stateOf(idOf(n)))).to.deep.equal([
      'requested',
      'vending',
      'vending',
      'dropped',
    ]);
    expect([...book.used]).to.deep.equal([idOf(3)]);
    expect(book.open.get(idOf(2))).to.deep.include({ order });
  });
});

describe('the grants of a journal', () => {
  const DAYS_90_MS = 90 * 24 * 3_600_000;
  const kept = (nowMs: number, ...records: JournalRecord[]) => {
    const gatherer = new GrantGatherer();
    for (const record of records) gatherer.take(record);
    return gatherer.kept(nowMs);
  };
  const grant = { kind: 'grant', id: idOf(1), grant: `g.${idOf(1)}`, slot: 4, outcome: null, atMs: 5 } as const;

  it('are kept with their slot, and with the outcome once there is one', () => {
    expect(kept(5, ...begun(idOf(1)))).to.deep.equal([grant]);
    for (const [event, to] of [
      ['saw_drop', 'dropped'],
      ['proved_absent', 'not_dropped'],
      ['lost_sight', 'unknown'],
    ] as const) {
      const all = [...begun(idOf(1)), vend(idOf(1), event, to), vend(idOf(1), 'acknowledge', 'closed')];
      expect(kept(5, ...all)).to.deep.equal([{ ...grant, outcome: to }]);
    }
  });

  it('are for ninety days', () => {
    expect(kept(5 + DAYS_90_MS - 1, grant)).to.deep.equal([grant]);
    expect(kept(5 + DAYS_90_MS, grant)).to.deep.equal([]);
  });

  it('are none where nothing can have fallen, or nothing was granted', () => {
    expect(kept(5, requested(idOf(1)))).to.deep.equal([]);
    expect(kept(5, requested(idOf(1)), vend(idOf(1), 'saw_drop', 'dropped'))).to.deep.equal([]);
    const authorised = begun(idOf(1)).slice(0, 2);
    expect(kept(5, ...authorised, vend(idOf(1), 'cancel', 'abandoned'))).to.deep.equal([]);
    const code = { ...accepted(idOf(1)), grant: 'P1' };
    expect(kept(5, code)).to.deep.equal([{ ...grant, grant: 'P1' }]);
    expect(kept(5, code, vend(idOf(1), 'cancel', 'none'))).to.deep.equal([]);
  });

  it('forget the slot of what is over', () => {
    const lateGrant = vend(idOf(1), 'authorise', 'authorised', { grant: 'late' });
    for (const [event, to] of [
      ['acknowledge', 'closed'],
      ['cancel', 'none'],
    ] as const) {
      expect(kept(5, requested(idOf(1)), vend(idOf(1), event, to), lateGrant), to).to.deep.equal([]);
    }
  });
});
