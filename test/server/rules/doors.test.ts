import { randomBytes } from 'node:crypto';
import { bearerToken } from '@tessera/server/platform/auth/tokens';
import { readSettings } from '@tessera/server/platform/config/settings';
import { cutPage, decodeCursor, encodeCursor } from '@tessera/server/platform/http/cursors';
import { problemOfError } from '@tessera/server/platform/http/problems';
import { openAnswer, requestDigest, sealAnswer } from '@tessera/server/platform/idempotency/sealing';
import { escape } from '@tessera/server/platform/openapi/html';
import { pictureTypeOf } from '@tessera/server/features/rewards/pictures';
import { expect } from 'chai';
import fc from 'fast-check';

const chance = { bytes: (count: number) => randomBytes(count) };

describe('stored answers', () => {
  it('open with their key alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.jsonValue(), (key, other, answer) => {
        fc.pre(key !== other);
        const sealed = sealAnswer(key, { answer }, chance);
        expect(JSON.stringify(openAnswer(key, sealed))).to.equal(JSON.stringify({ answer }));
        expect(() => openAnswer(other, sealed)).to.throw();
      }),
      { numRuns: 50 },
    );
  });

  it('do not open with any byte changed', () => {
    const sealed = Buffer.from(sealAnswer('key-of-a-caller', { points: 5 }, chance), 'base64url');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => openAnswer('key-of-a-caller', changed.toString('base64url')), `byte ${String(index)}`).to.throw();
    }
  });

  it('have fingerprints that need the key', () => {
    expect(requestDigest('a', { pin: '1234' })).to.not.equal(requestDigest('b', { pin: '1234' }));
    expect(requestDigest('a', { pin: '1234' })).to.not.equal(requestDigest('a', { pin: '1235' }));
  });
});

describe('cursors', () => {
  it('walk a list page by page, each item once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.integer({ min: 1, max: 7 }), (unsorted, limit) => {
        const all = [...unsorted].sort();
        const seen: string[] = [];
        for (let cursor: string | null = encodeCursor(''); cursor !== null;) {
          const after: string = decodeCursor(cursor);
          const rows = all.filter((item) => item > after).slice(0, limit + 1);
          const page = cutPage(rows, limit, (item) => item);
          seen.push(...page.items);
          cursor = page.nextCursor;
        }
        expect(seen).to.deep.equal(all);
      }),
    );
  });
});

describe('bearer tokens', () => {
  it('are read from their header alone', () => {
    expect(bearerToken(`Bearer tsa_${'x'.repeat(43)}`)).to.equal(`tsa_${'x'.repeat(43)}`);
    for (const header of [
      undefined,
      '',
      'Bearer',
      'Bearer short',
      'Basic abc',
      `Bearer ${'x'.repeat(300)}`,
      'Bearer a b',
    ]) {
      expect(bearerToken(header), header).to.equal(undefined);
    }
  });
});

describe('errors', () => {
  it('of a full or broken disk are `unavailable`, bugs are nobody’s refusal', () => {
    for (const code of ['SQLITE_FULL', 'SQLITE_IOERR_FSYNC', 'SQLITE_READONLY_DBMOVED']) {
      expect(problemOfError(Object.assign(new Error('disk'), { code }))?.code).to.equal('unavailable');
    }
    for (const bug of [new Error('x'), new TypeError('y'), 'z', null, { code: 'SQLITE_CONSTRAINT' }]) {
      expect(problemOfError(bug)).to.equal(undefined);
    }
  });
});

describe('pages', () => {
  it('escape whatever they are given', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(escape(text)).to.not.match(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
      }),
    );
  });
});

describe('pictures', () => {
  const svg = (inside: string): Buffer => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`);
  it('are known by their bytes', () => {
    expect(pictureTypeOf(Buffer.from('89504e470d0a1a0a00', 'hex'))).to.equal('image/png');
    expect(pictureTypeOf(Buffer.from('ffd8ffe000', 'hex'))).to.equal('image/jpeg');
    expect(pictureTypeOf(Buffer.from('RIFF0000WEBPVP8 '))).to.equal('image/webp');
    expect(pictureTypeOf(svg('<circle r="4" fill="url(#g)"/><use href="#a"/>'))).to.equal('image/svg+xml');
    expect(pictureTypeOf(Buffer.from(`<?xml version="1.0"?>\n<!-- drawn by us -->\n${svg('').toString()}`))).to.equal(
      'image/svg+xml',
    );
  });

  for (const bad of [
    '<script>x</script>',
    '<SCRIPT>x</SCRIPT>',
    '<g onclick="x()"/>',
    '<g\nonload = "x()"/>',
    '<a href="javascript:x()"/>',
    '<image href="https://evil.example/p.png"/>',
    "<image xlink:href='//evil.example/p.png'/>",
    '<image href=http://evil.example/p.png />',
    '<foreignObject><body/></foreignObject>',
    '<style>@import "https://evil.example/x.css"</style>',
    '<rect fill="url(https://evil.example/x)"/>',
    '<animate attributeName="href" to="javascript:x()"/>',
  ]) {
    it(`are not ${bad.replaceAll('\n', ' ')}`, () => {
      expect(pictureTypeOf(svg(bad))).to.equal(undefined);
    });
  }

  it('are nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(pictureTypeOf(Buffer.from(bytes))).to.equal(undefined);
      }),
    );
    expect(pictureTypeOf(Buffer.from('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>'))).to.equal(undefined);
    expect(pictureTypeOf(Buffer.from('<html><svg></svg></html>'))).to.equal(undefined);
  });
});

describe('settings', () => {
  it('have defaults, and name what is wrong', () => {
    expect(readSettings({})).to.deep.include({ logLevel: 'info', allowedOrigins: [], help: '', smtp: undefined });
    const origins = readSettings({ TESSERA_ORIGINS: 'https://a.example,https://b.example' }).allowedOrigins;
    expect(origins).to.deep.equal(['https://a.example', 'https://b.example']);
    expect(() => readSettings({ TESSERA_SMTP_URL: 'mail.example' })).to.throw('TESSERA_SMTP_URL');
    expect(() => readSettings({ TESSERA_ORIGINS: 'a.example/path' })).to.throw('An origin is a scheme and a host');
  });
});
