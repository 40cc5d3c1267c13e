import { expect } from 'chai';
import fc from 'fast-check';
import { NbdSession } from '@tessera/scripts/faults/power/nbd/session';
import { SECTOR, VolatileDisk, type Platter } from '@tessera/scripts/faults/power/nbd/volatile-disk';
import { SeededChance } from '@tessera/scripts/simulate/seeded-chance';

const BYTES = 8 * SECTOR;
const GO = 7;
const READ = 0;
const WRITE = 1;
const DISCONNECT = 2;
const FLUSH = 3;
const FUA = 1;

function emptyPlatter(): Platter {
  const content = Buffer.alloc(BYTES);
  return {
    bytes: BYTES,
    read: (offset, length) => Buffer.from(content.subarray(offset, offset + length)),
    write: (offset, bytes) => void bytes.copy(content, offset),
  };
}

const flags = (): Buffer => Buffer.from([0, 0, 0, 3]);

function option(kind: number, data = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(16);
  head.write('IHAVEOPT', 0, 'latin1');
  head.writeUInt32BE(kind, 8);
  head.writeUInt32BE(data.length, 12);
  return Buffer.concat([head, data]);
}

function request(
  kind: number,
  cookie: number,
  at: { offset?: number; length?: number; data?: Buffer; fua?: boolean } = {},
): Buffer {
  const head = Buffer.alloc(28);
  head.writeUInt32BE(0x25609513, 0);
  head.writeUInt16BE(at.fua === true ? FUA : 0, 4);
  head.writeUInt16BE(kind, 6);
  head.writeBigUInt64BE(BigInt(cookie), 8);
  head.writeBigUInt64BE(BigInt(at.offset ?? 0), 16);
  head.writeUInt32BE(at.data?.length ?? at.length ?? 0, 24);
  return Buffer.concat([head, at.data ?? Buffer.alloc(0)]);
}

const errorOf = (reply: Buffer): number => reply.readUInt32BE(4);
const cookieOf = (reply: Buffer): number => Number(reply.readBigUInt64BE(8));

function connected(): { disk: VolatileDisk; session: NbdSession } {
  const disk = new VolatileDisk(emptyPlatter());
  const session = new NbdSession(disk);
  session.receive(Buffer.concat([flags(), option(GO, Buffer.alloc(6))]));
  return { disk, session };
}

describe('faults: the NBD server under QEMU', () => {
  it('greets in fixed newstyle', () => {
    const greeting = new NbdSession(new VolatileDisk(emptyPlatter())).greeting();
    expect(greeting.toString('latin1', 0, 16)).to.equal('NBDMAGICIHAVEOPT');
    expect(greeting.readUInt16BE(16)).to.equal(3);
  });

  it('refuses options that it does not know, and tells size, flush and FUA on go', () => {
    const session = new NbdSession(new VolatileDisk(emptyPlatter()));
    const structured = session.receive(Buffer.concat([flags(), option(8)]));
    expect(structured.readUInt32BE(12)).to.equal(0x80000001);
    const go = session.receive(option(GO, Buffer.alloc(6)));
    expect(go.readUInt32BE(12), 'info').to.equal(3);
    expect(Number(go.readBigUInt64BE(22))).to.equal(BYTES);
    expect(go.readUInt16BE(30), 'has flags, flush, FUA').to.equal(1 | 4 | 8);
    expect(go.readUInt32BE(32 + 12), 'acknowledged').to.equal(1);
  });

  it('writes, reads, flushes and echoes each cookie', () => {
    const { disk, session } = connected();
    const data = Buffer.alloc(SECTOR, 7);
    expect(cookieOf(session.receive(request(WRITE, 11, { offset: SECTOR, data })))).to.equal(11);
    const read = session.receive(request(READ, 12, { offset: SECTOR, length: SECTOR }));
    expect([errorOf(read), cookieOf(read)]).to.deep.equal([0, 12]);
    expect(read.subarray(16).equals(data)).to.equal(true);
    expect(errorOf(session.receive(request(FLUSH, 13)))).to.equal(0);
    expect(disk.cut(new SeededChance(1)).unflushed).to.equal(0);
    expect(disk.read(SECTOR, SECTOR).equals(data)).to.equal(true);
  });

  it('takes a write with FUA for durable, and only that one', () => {
    const { disk, session } = connected();
    session.receive(request(WRITE, 1, { offset: 0, data: Buffer.alloc(SECTOR, 1) }));
    session.receive(request(WRITE, 2, { offset: SECTOR, data: Buffer.alloc(SECTOR, 2), fua: true }));
    expect(disk.cut(new SeededChance(1)).unflushed).to.equal(1);
    expect(disk.read(SECTOR, SECTOR)[0]).to.equal(2);
  });

  it('answers the same however the bytes are cut into pieces', () => {
    const stream = Buffer.concat([
      flags(),
      option(8),
      option(GO, Buffer.alloc(6)),
      request(WRITE, 1, { offset: 0, data: Buffer.alloc(2 * SECTOR, 9) }),
      request(FLUSH, 2),
      request(READ, 3, { offset: 0, length: 3 * SECTOR }),
    ]);
    const whole = new NbdSession(new VolatileDisk(emptyPlatter())).receive(stream);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
        const session = new NbdSession(new VolatileDisk(emptyPlatter()));
        const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const answers = edges.slice(1).map((edge, index) => session.receive(stream.subarray(edges[index], edge)));
        expect(Buffer.concat(answers).equals(whole)).to.equal(true);
      }),
    );
  });

  it('refuses what lies outside the disk, and goes on', () => {
    const { session } = connected();
    expect(errorOf(session.receive(request(READ, 1, { offset: BYTES, length: SECTOR })))).to.equal(22);
    expect(errorOf(session.receive(request(READ, 2, { offset: 0, length: SECTOR })))).to.equal(0);
  });

  it('stands still at a flush that it may not serve: neither that nor anything after it is answered or done', () => {
    const disk = new VolatileDisk(emptyPlatter());
    const session = new NbdSession(disk, () => false);
    session.receive(Buffer.concat([flags(), option(GO, Buffer.alloc(6))]));
    session.receive(request(WRITE, 1, { offset: 0, data: Buffer.alloc(SECTOR, 1) }));
    expect(session.receive(request(FLUSH, 2)).length).to.equal(0);
    expect(session.receive(request(WRITE, 3, { offset: 0, data: Buffer.alloc(SECTOR, 3) })).length).to.equal(0);
    expect(session.ended).to.equal(false);
    expect(disk.cut(new SeededChance(1)).unflushed).to.equal(1);
  });

  it('ends on good-bye and on garbage', () => {
    const polite = connected().session;
    polite.receive(request(DISCONNECT, 1));
    expect(polite.ended).to.equal(true);
    const rude = connected().session;
    rude.receive(Buffer.alloc(64, 0xff));
    expect(rude.ended).to.equal(true);
  });
});
