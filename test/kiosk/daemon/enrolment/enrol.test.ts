import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { enrol, type PostJson } from '@tessera/kiosk-daemon/enrolment/enrol';
import { readDeviceKey } from '@tessera/kiosk-daemon/enrolment/device-key';
import { JOURNAL_FILE } from '@tessera/kiosk-daemon/journal/open';
import { httpPictures, httpPostJson } from '@tessera/kiosk-daemon/platform/fetching';
import { openKioskStore } from '@tessera/kiosk-daemon/store/stores';
import { publicKeyText } from '@tessera/shared/credentials/signature';
import { problem } from '@tessera/shared/problem';
import { expect } from 'chai';
import { LossyDisk } from '../../../../scripts/src/simulate/lossy-disk.ts';
import { SeededChance } from '../../../../scripts/src/simulate/seeded-chance.ts';
import { kioskId, START_MS } from '../support/samples.ts';

const serverKeys = [{ keyId: 'main', publicKey: 'A'.repeat(43) }];

async function bench() {
  const disk = new LossyDisk(new SeededChance(2)).mount(() => true);
  const log = (): void => undefined;
  const kiosk = await openKioskStore({
    disk,
    log,
    hit: () => undefined,
    fatal: (error) => {
      throw error;
    },
  });
  const asked: unknown[] = [];
  const chance = new SeededChance(9);
  const tools = (answer: unknown) => {
    const postJson: PostJson = (path, body) => {
      asked.push([path, body]);
      return Promise.resolve(answer);
    };
    return { disk, chance, clock: { nowMs: () => START_MS, monotonicMs: () => 0 }, log, kiosk, postJson };
  };
  return { disk, kiosk, asked, tools };
}

describe('enrolment', () => {
  it('makes the key on the device, shows its public half with the code, and keeps what it is told', async () => {
    const { disk, kiosk, asked, tools } = await bench();
    const enrolled = await enrol(' CODE-1 \n', tools({ kioskId, serverKeys, kioskName: 'extra' }));
    expect(enrolled).to.deep.equal({ ok: true, value: kioskId });
    const publicKey = publicKeyText((await readDeviceKey(disk))!);
    expect(asked).to.deep.equal([['/v1/kiosk-enrolments', { code: 'CODE-1', publicKey }]]);
    expect(kiosk.data).to.deep.include({ kioskId, serverKeys, counter: 0 });
  });

  it('shows the same key again where the first answer was lost', async () => {
    const { asked, tools } = await bench();
    const lost = await enrol('CODE', tools(undefined));
    expect(lost.ok || lost.error.code).to.equal('unavailable');
    expect((await enrol('CODE', tools({ kioskId, serverKeys }))).ok).to.equal(true);
    expect(asked[1]).to.deep.equal(asked[0]);
  });

  it('makes a new key where the kiosk is enrolled again, and sets a damaged journal aside', async () => {
    const { disk, asked, tools } = await bench();
    expect((await enrol('ONE', tools({ kioskId, serverKeys }))).ok).to.equal(true);
    const journal = await disk.open(JOURNAL_FILE, 'fresh');
    await journal.append(Buffer.alloc(500, 7));
    expect((await enrol('TWO', tools({ kioskId, serverKeys }))).ok).to.equal(true);
    const keys = asked.map((each) => (each as [string, { publicKey: string }])[1].publicKey);
    expect(keys[0]).to.not.equal(keys[1]);
    expect(await disk.read(JOURNAL_FILE)).to.equal(undefined);
    expect(await disk.read(`${JOURNAL_FILE}.damaged-${String(START_MS)}`)).to.not.equal(undefined);
  });

  for (const answer of [problem('enrolment_code_invalid'), { kioskId: 'nonsense', serverKeys }, 'text', null]) {
    it(`keeps no identity after ${JSON.stringify(answer).slice(0, 50)}`, async () => {
      const { kiosk, tools } = await bench();
      const refused = await enrol('CODE', tools(answer));
      expect(refused.ok).to.equal(false);
      expect(kiosk.data.kioskId).to.equal(null);
    });
  }
});

describe('fetching over HTTP', () => {
  let server: Server;
  let url: string;
  const keys: (string | undefined)[] = [];

  before((done) => {
    server = createServer((request, response) => {
      if (request.url === '/large') response.end(Buffer.alloc(2_000_000));
      else if (request.url === '/moved') response.writeHead(302, { Location: '/picture' }).end();
      else if (request.url === '/silent') return;
      else if (request.url === '/picture') response.end('picture');
      else {
        keys.push(request.headers['idempotency-key'] as string | undefined);
        response.statusCode = 403;
        response.end(request.url === '/broken' ? '{' : JSON.stringify(problem('forbidden')));
      }
    });
    server.listen(0, '127.0.0.1', () => {
      url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
      done();
    });
  });

  after((done) => {
    server.closeAllConnections();
    server.close(done);
  });

  it('takes a picture, and nothing else for one', async () => {
    const fetchPicture = httpPictures(url, 300);
    expect(Buffer.from((await fetchPicture('/picture'))!).toString()).to.equal('picture');
    for (const path of ['/large', '/moved', '/silent', '/forbidden']) {
      expect(await fetchPicture(path), path).to.equal(undefined);
    }
    expect(await httpPictures('http://127.0.0.1:1', 300)('/picture')).to.equal(undefined);
  });

  it('posts the same request under the same key, and reads a refusal', async () => {
    keys.length = 0;
    const postJson = httpPostJson(url, 300);
    expect(await postJson('/x', { code: 'A' })).to.deep.include({ code: 'forbidden' });
    await postJson('/x', { code: 'A' });
    await postJson('/x', { code: 'B' });
    expect(keys[0]).to.equal(keys[1]);
    expect(keys[2]).to.not.equal(keys[0]);
    expect(await postJson('/broken', {})).to.equal(undefined);
  });
});
