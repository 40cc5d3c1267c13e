import { createHmac, sign, verify } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  formatRotatingQr,
  parseRotatingQr,
  stepAt,
  STEP_MS,
  verifyRotatingQr,
} from '@tessera/shared/credentials/rotating-qr';
import {
  formatPickupCode,
  looksLikePickupCode,
  verifyPickupCode,
  type PickupClaim,
} from '@tessera/shared/credentials/pickup-code';
import {
  privateKeyOfSeed,
  publicKeyOfText,
  publicKeyText,
  signFor,
  verifyFor,
} from '@tessera/shared/credentials/signature';
import { encodeUlid } from '@tessera/shared/ids/ulid';

const secret = Uint8Array.from({ length: 32 }, (_, index) => index);
const credentialId = encodeUlid(1_700_000_000_000, new Uint8Array(10).fill(7));
const nowMs = 1_760_000_000_000;

function parsed(step: number) {
  const code = parseRotatingQr(formatRotatingQr(secret, credentialId, step));
  if (!code) throw new Error('the code that we made does not parse');
  return code;
}

describe('rotating QR', () => {
  it('is accepted one step before to one step after now, and nowhere else', () => {
    for (let away = -3; away <= 3; away += 1) {
      const result = verifyRotatingQr(parsed(stepAt(nowMs) + away), secret, { nowMs, lastStep: 0 });
      expect(result.ok, String(away)).to.equal(Math.abs(away) <= 1);
    }
  });

  it('is accepted only strictly above the last step used', () => {
    const step = stepAt(nowMs);
    expect(verifyRotatingQr(parsed(step), secret, { nowMs, lastStep: step })).to.deep.equal({
      ok: false,
      error: 'replayed',
    });
    expect(verifyRotatingQr(parsed(step), secret, { nowMs, lastStep: step - 1 }).ok).to.equal(true);
  });

  it('is refused with any other secret, credential or character', () => {
    const text = formatRotatingQr(secret, credentialId, stepAt(nowMs));
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: text.length - 1 }),
        fc.constantFrom(...Array.from('A0.z-_!9')),
        (at, other) => {
          fc.pre(text[at] !== other);
          const code = parseRotatingQr(text.slice(0, at) + other + text.slice(at + 1));
          // The last character of 16 bytes in base64url carries spare bits: another spelling of the same MAC must fail too.
          return !code || !verifyRotatingQr(code, secret, { nowMs, lastStep: 0 }).ok;
        },
      ),
    );
    const foreign = verifyRotatingQr(parsed(stepAt(nowMs)), new Uint8Array(32), { nowMs, lastStep: 0 });
    expect(foreign).to.deep.equal({ ok: false, error: 'forged' });
  });

  it('reads garbage as nothing', () => {
    fc.assert(fc.property(fc.string(), (text) => parseRotatingQr(text) === undefined));
  });

  it('changes every 30 s', () => {
    expect(stepAt(nowMs + STEP_MS) - stepAt(nowMs)).to.equal(1);
    expect([0, 29_999, 30_000].map(stepAt)).to.deep.equal([0, 0, 1]);
  });

  it('is the first 16 bytes of an HMAC over its purpose, its credential and its step', () => {
    const hmac = createHmac('sha256', secret).update(`tessera:member-qr:v1\n${credentialId}.42`).digest();
    const mac = hmac.subarray(0, 16).toString('base64url');
    expect(formatRotatingQr(secret, credentialId, 42)).to.equal(`T1.${credentialId}.42.${mac}`);
    expect(parsed(42)).to.deep.equal({ credentialId, step: 42, mac });
  });

  it('says what is wrong with it', () => {
    const step = stepAt(nowMs);
    const facts = { nowMs, lastStep: 0 };
    expect(verifyRotatingQr(parsed(step), secret, facts)).to.deep.equal({ ok: true, value: step });
    expect(verifyRotatingQr(parsed(step + 2), secret, facts)).to.deep.equal({ ok: false, error: 'out_of_window' });
    expect(verifyRotatingQr(parsed(step), secret, { nowMs, lastStep: step + 1 })).to.deep.equal({
      ok: false,
      error: 'replayed',
    });
  });

  it('is nothing inside of a longer text, or with a step that no clock shows', () => {
    const text = formatRotatingQr(secret, credentialId, 42);
    for (const wrong of [`x${text}`, `${text}x`, text.replace('.42.', '..'), text.replace('.42.', '.1234567890123.')]) {
      expect(parseRotatingQr(wrong), wrong).to.equal(undefined);
    }
  });
});

describe('signatures', () => {
  const key = privateKeyOfSeed(secret);

  it('hold for their purpose only', () => {
    const publicKey = publicKeyOfText(publicKeyText(key));
    if (!publicKey) throw new Error('our own key does not read back');
    const signature = signFor('kiosk-hello', 'body', key);
    expect(verifyFor('kiosk-hello', 'body', signature, publicKey)).to.equal(true);
    expect(verifyFor('grant', 'body', signature, publicKey)).to.equal(false);
    expect(verifyFor('kiosk-hello', 'body ', signature, publicKey)).to.equal(false);
    expect(verifyFor('kiosk-hello', 'body', 'short', publicKey)).to.equal(false);
  });

  it('match the first test vector of RFC 8032 in their public key', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const expected = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');
    expect(publicKeyText(privateKeyOfSeed(seed))).to.equal(expected.toString('base64url'));
  });

  it('are refused with a malformed public key', () => {
    const text = publicKeyText(key);
    for (const wrong of ['nonsense', '', `x${text}`, `${text}x`]) expect(publicKeyOfText(wrong)).to.equal(undefined);
  });

  it('are of Ed25519, over the purpose and the body', () => {
    const publicKey = publicKeyOfText(publicKeyText(key));
    if (!publicKey) throw new Error('our own key does not read back');
    const made = Buffer.from(signFor('grant', 'body', key), 'base64url');
    expect(verify(null, Buffer.from('tessera:grant:v1\nbody'), publicKey, made)).to.equal(true);
    expect(publicKeyText(publicKey)).to.equal(publicKeyText(key));
  });

  it('are refused inside of a longer text', () => {
    const publicKey = publicKeyOfText(publicKeyText(key));
    if (!publicKey) throw new Error('our own key does not read back');
    const signature = signFor('grant', 'body', key);
    for (const wrong of [`=${signature}`, `${signature}=`, `${signature} `]) {
      expect(verifyFor('grant', 'body', wrong, publicKey), wrong).to.equal(false);
    }
  });
});

describe('pick-up code', () => {
  const key = privateKeyOfSeed(secret);
  const publicKey = publicKeyOfText(publicKeyText(key));
  if (!publicKey) throw new Error('our own key does not read back');
  const keys = new Map([['s1', publicKey]]);
  const kioskId = `k${credentialId}`;
  const claim: PickupClaim = {
    keyId: 's1',
    kioskId,
    redemptionId: credentialId,
    rewardId: credentialId,
    price: 300,
    expiresAtMs: nowMs + 1000,
  };
  const text = formatPickupCode(claim, key);

  it('verifies without network and says its claim', () => {
    expect(verifyPickupCode(text, { keys, kioskId, nowMs })).to.deep.equal({ ok: true, value: claim });
  });

  it('is refused at another kiosk, after its end, and with another key', () => {
    const other = `k${encodeUlid(5, new Uint8Array(10))}`;
    expect(verifyPickupCode(text, { keys, kioskId: other, nowMs })).to.deep.equal({ ok: false, error: 'other_kiosk' });
    expect(verifyPickupCode(text, { keys, kioskId, nowMs: nowMs + 1001 })).to.deep.equal({
      ok: false,
      error: 'expired',
    });
    expect(verifyPickupCode(text, { keys: new Map(), kioskId, nowMs })).to.deep.equal({ ok: false, error: 'forged' });
  });

  it('is refused with any changed character', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: text.length - 1 }),
        fc.constantFrom(...Array.from('AQgw.0_-')),
        (at, other) => {
          fc.pre(text[at] !== other);
          const changed = text.slice(0, at) + other + text.slice(at + 1);
          const result = verifyPickupCode(changed, { keys, kioskId, nowMs });
          // base64url leaves spare bits in the signature's last character: the same bytes in another spelling are the same code.
          return !result.ok || (at === text.length - 1 && result.value.redemptionId === claim.redemptionId);
        },
      ),
    );
  });

  it('holds until its last moment', () => {
    const atLast = { keys, kioskId, nowMs: claim.expiresAtMs };
    expect(verifyPickupCode(text, atLast).ok).to.equal(true);
  });

  it('is told by its first letters from what means to be something else', () => {
    expect([text, 'P1.', 'T1.x', ' P1.', ''].map(looksLikePickupCode)).to.deep.equal([true, true, false, false, false]);
  });

  it('is nothing inside of a longer text', () => {
    for (const wrong of [`x${text}`, `${text}x`, `P1..${text.slice(-86)}`]) {
      expect(verifyPickupCode(wrong, { keys, kioskId, nowMs }), wrong).to.deep.equal({ ok: false, error: 'forged' });
    }
  });

  it('says nothing where our own key has signed what is no claim', () => {
    const whole = ['s1', kioskId, credentialId, credentialId, 300, nowMs + 1000];
    const bodies: unknown[] = [
      whole.slice(0, 5),
      [...whole, 'more'],
      { ...claim },
      null,
      whole.with(0, 'a key id too long to be one'),
      whole.with(0, 's!'),
      whole.with(1, 'k1'),
      whole.with(4, -1),
      whole.with(5, 'tomorrow'),
    ];
    const signed = (body: string): string => `P1.${body}.${signFor('pickup-code', body, key)}`;
    const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    expect(verifyPickupCode(signed(encoded(whole)), { keys, kioskId, nowMs }).ok).to.equal(true);
    const texts = [...bodies.map(encoded), Buffer.from('no JSON').toString('base64url')];
    for (const body of texts) {
      const verdict = verifyPickupCode(signed(body), { keys, kioskId, nowMs });
      expect(verdict, body).to.deep.equal({ ok: false, error: 'forged' });
    }
  });

  it('is signed for its purpose alone', () => {
    const [, body = ''] = text.split('.');
    const foreign = sign(null, Buffer.from(`tessera:grant:v1\n${body}`), key).toString('base64url');
    const verdict = verifyPickupCode(`P1.${body}.${foreign}`, { keys, kioskId, nowMs });
    expect(verdict).to.deep.equal({ ok: false, error: 'forged' });
  });

  it('fits a QR code that a cheap scanner reads', () => {
    expect(text.length).to.be.lessThan(420);
  });
});
