import { expect } from 'chai';
import fc from 'fast-check';
import { LineFramer, LONGEST_SCAN } from '@tessera/hardware/serial/line-framer';
import { Rdm6300Parser, rdm6300Frame } from '@tessera/hardware/serial/rdm6300';

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const cuts = fc.array(fc.nat(10_000), { maxLength: 12 });
const uid = fc
  .uint8Array({ minLength: 5, maxLength: 5 })
  .map((bytes) => Buffer.from(bytes).toString('hex').toUpperCase());

describe('hardware: texts of a scanner', () => {
  const printable = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .filter((text) => !/[\x00-\x1f\x7f]/.test(text));

  it('reads CR, LF and CRLF alike, in any pieces', () => {
    fc.assert(
      fc.property(
        fc.array(printable, { maxLength: 6 }),
        fc.constantFrom('\r', '\n', '\r\n'),
        cuts,
        (texts, end, places) => {
          const framer = new LineFramer();
          const bytes = Buffer.from(texts.map((text) => text + end).join(''), 'utf8');
          expect(cut(bytes, places).flatMap((piece) => framer.push(piece))).to.deep.equal(texts);
          expect(framer.refused).to.equal(0);
        },
      ),
    );
  });

  it('takes a text without an end for whole when the wire is still', () => {
    const framer = new LineFramer();
    expect(framer.push(Buffer.from('T1.half'))).to.deep.equal([]);
    expect(framer.flush()).to.deep.equal(['T1.half']);
    expect(framer.flush()).to.deep.equal([]);
  });

  it('survives any garbage, counts it, and reads what comes after', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), cuts, (garbage, places) => {
        const framer = new LineFramer();
        for (const piece of cut(Buffer.from(garbage), places)) framer.push(piece);
        framer.flush();
        expect(framer.push(Buffer.from('T1.good\r'))).to.deep.equal(['T1.good']);
      }),
    );
  });

  it('refuses texts that are too long, or no text', () => {
    const framer = new LineFramer();
    expect(framer.push(Buffer.from(`${'x'.repeat(LONGEST_SCAN + 1)}\r`))).to.deep.equal([]);
    expect(framer.push(Buffer.from([0x54, 0x00, 0x31, 0x0d]))).to.deep.equal([]);
    expect(framer.push(Buffer.from([0xff, 0xfe, 0x0d]))).to.deep.equal([]);
    expect(framer.refused).to.equal(3);
  });
});

describe('hardware: frames of an RDM6300', () => {
  it('knows the cards of the data sheet', () => {
    expect(rdm6300Frame('010063E9AE').toString('latin1')).to.equal('\x02010063E9AE25\x03');
    expect(rdm6300Frame('3C00CE754C').toString('latin1')).to.equal('\x023C00CE754CCB\x03');
  });

  it('reads every frame in any pieces, with garbage between', () => {
    // A stray start byte in the garbage may swallow what follows it, as it would on the wire; it is tried elsewhere.
    const garbage = fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.filter((byte) => byte !== 0x02));
    fc.assert(
      fc.property(fc.array(fc.tuple(garbage, uid), { maxLength: 6 }), cuts, (cards, places) => {
        const parser = new Rdm6300Parser();
        const bytes = Buffer.concat(cards.flatMap(([noise, card]) => [noise, rdm6300Frame(card)]));
        expect(cut(bytes, places).flatMap((piece) => parser.push(piece))).to.deep.equal(cards.map(([, card]) => card));
      }),
    );
  });

  it('finds the frame behind broken ones that start like it', () => {
    const parser = new Rdm6300Parser();
    const frame = rdm6300Frame('010063E9AE');
    expect(parser.push(Buffer.concat([frame.subarray(0, 7), frame]))).to.deep.equal(['010063E9AE']);
    expect(parser.push(Buffer.concat([Buffer.of(0x02, 0x02, 0x02), frame]))).to.deep.equal(['010063E9AE']);
    expect(parser.refused).to.be.greaterThan(0);
  });

  it('believes no frame with any bit turned', () => {
    fc.assert(
      fc.property(uid, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 7 }), (card, byte, bit) => {
        const frame = rdm6300Frame(card);
        frame[byte] = (frame[byte] ?? 0) ^ (1 << bit);
        const read = new Rdm6300Parser().push(frame);
        // Turning bit 5 of a letter only changes its case.
        if (read.length > 0) expect(read).to.deep.equal([card]);
      }),
    );
  });

  it('never gives what was not sent, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), cuts, (noise, places) => {
        const parser = new Rdm6300Parser();
        for (const read of cut(Buffer.from(noise), places).flatMap((piece) => parser.push(piece))) {
          expect(Buffer.from(noise).includes(rdm6300Frame(read))).to.equal(true);
        }
        parser.reset();
        expect(parser.push(rdm6300Frame('3C00CE754C'))).to.deep.equal(['3C00CE754C']);
      }),
    );
  });
});
