import { expect } from 'chai';
import fc from 'fast-check';
import {
  formatRotatingQr,
  parseRotatingQr,
  stepAt,
  STEP_MS,
  verifyRotatingQr,
} from '@tessera/shared/credentials/rotating-qr';
import { formatPickupCode, verifyPickupCode, type PickupClaim } from '@tessera/shared/credentials/pickup-code';
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
    expect(publicKeyOfText('nonsense')).to.equal(undefined);
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

  it('fits a QR code that a cheap scanner reads', () => {
    expect(text.length).to.be.lessThan(420);
  });
});
