import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import * as z from 'zod/mini';
import { isCardNumber } from '@tessera/shared/ids/card-number';
import { isMemberId } from '@tessera/shared/ids/member-id';
import { problemSchema } from '@tessera/shared/problem';
import { engine } from '../support/engine.ts';
import { openAlliance, signInFirst, vend, type Alliance } from '../support/alliance.ts';
import type { FakeKiosk } from '../support/kiosk.ts';
import { desk, type Ran } from './support/desk.ts';

describe('the command line against a running server', function () {
  this.timeout(30_000);
  let alliance: Alliance;
  let kiosk: FakeKiosk;

  before(async () => {
    alliance = await openAlliance();
    kiosk = await alliance.connectKiosk();
    await signInFirst(alliance, kiosk);
  });

  after(async () => {
    await alliance.close();
  });

  const run = (...argv: string[]): Promise<Ran> => desk({ env: alliance.env }).run(...argv, '--data', alliance.data);

  /** Runs with --json, expects a success, and answers the one document. */
  async function json<T>(...argv: string[]): Promise<T> {
    const ran = await run(...argv, '--json');
    expect(ran.err, argv.join(' ')).to.equal('');
    expect(ran.code).to.equal(0);
    expect(ran.out.trim().split('\n')).to.have.length(1);
    return JSON.parse(ran.out) as T;
  }

  /** Runs with --json and expects a refusal of this code; answers what it says. */
  async function refused(code: string, exit: number, ...argv: string[]): Promise<string> {
    const ran = await run(...argv, '--json');
    expect(ran.out).to.equal('');
    expect(z.parse(problemSchema, JSON.parse(ran.err)).code, ran.err).to.equal(code);
    expect(ran.code).to.equal(exit);
    return ran.err;
  }

  it('leaves no half merchant where a later part of it would be refused', async () => {
    const words = ['merchant', 'add', '--name', 'Half', '--industry', 'Halves'];
    for (const wrong of ['a\u0000b', 'a\nb', '\ud83c'])
      await refused('malformed', 2, ...words, '--new-industry', '--branch', wrong);
    const ran = await run(...words);
    expect(ran.code, 'its industry was not made').to.not.equal(0);
  });

  it('brings a merchant, a member, a card and a gift into the alliance', async () => {
    const merchant = await json<{ merchantId: string; token: string }>(
      'merchant',
      'add',
      '--name',
      'Quay Books',
      '--industry',
      'leisure',
      '--time-zone',
      'Asia/Shanghai',
    );
    expect(merchant.token).to.match(/^tst_/);
    const member = await json<{ memberId: string; pin: string }>(
      'member',
      'add',
      '--name',
      'Ada Byron',
      '--email',
      'ada@example.org',
    );
    expect(isMemberId(member.memberId)).to.equal(true);
    expect(member.pin).to.match(/^[0-9]{6}$/);
    const uid = '04 A1 B2 C3 D4';
    const card = await json<{ cardNumber: string; state: string; uid: string }>(
      'card',
      'issue',
      '--member',
      member.memberId,
      '--uid',
      uid,
    );
    expect(isCardNumber(card.cardNumber)).to.equal(true);
    expect(card).to.include({ state: 'active', uid: '04A1B2C3D4' });
    await refused('conflict', 1, 'card', 'issue', '--uid', uid);
    const picture = join(alliance.data, 'star.svg');
    writeFileSync(
      picture,
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>',
    );
    const reward = await json<{ picture: string; price: number }>(
      ...['reward', 'add', '--zh', '星星', '--en', 'Star', '--ar', 'نجمة', '--price', '40', '--picture', picture],
    );
    expect(reward.price).to.equal(40);
    expect((await fetch(new URL(reward.picture, alliance.url))).status).to.equal(200);
  });

  it('says which industries there are where one is misspelt', async () => {
    const ran = await run('merchant', 'add', '--name', 'X', '--industry', 'Caterin');
    expect(ran.code).to.equal(2);
    expect(ran.err).to.include('Catering').and.to.include('--new-industry');
  });

  it('creates staff with a password that is made once, or read from standard input', async () => {
    const made = await json<{ login: string; password: string }>('admin', 'create', '--login', 'ines');
    const signIn = (login: string, password: string): Promise<Response> =>
      fetch(`${alliance.url}/v1/admin/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login, password }),
      });
    expect((await signIn('ines', made.password)).ok).to.equal(true);
    const input = desk({ input: 'a long enough phrase\n' });
    const ran = await input.run(
      'admin',
      'create',
      '--login',
      'omar',
      '--password-stdin',
      '--data',
      alliance.data,
      '--json',
    );
    expect(ran.code).to.equal(0);
    expect(ran.out).to.not.include('long enough');
    expect((await signIn('omar', 'a long enough phrase')).ok).to.equal(true);
    await refused('conflict', 1, 'admin', 'create', '--login', 'ines');
  });

  it('enrols, lists and revokes kiosks; revoking asks first', async () => {
    const made = await json<{ kioskId: string; enrolmentCode: string }>(
      'kiosk',
      'enrol-code',
      '--name',
      'Harbour',
      '--slots',
      '4',
    );
    const again = await json<{ enrolmentCode: string }>('kiosk', 'enrol-code', '--kiosk', made.kioskId);
    expect(again.enrolmentCode).to.not.equal(made.enrolmentCode);
    const listed = await run('kiosk', 'list');
    expect(listed.out).to.include('Harbour').and.to.include('中央车站 Central Station').and.to.include('online');
    const words = ['kiosk', 'revoke', made.kioskId, '--reason', 'test'];
    expect((await run(...words, '--dry-run')).out)
      .to.include('nothing was changed')
      .and.to.include('Harbour');
    expect((await run(...words)).code).to.equal(4);
    const person = desk({ interactive: true });
    person.answers.push('yes');
    expect((await person.run(...words, '--data', alliance.data)).code).to.equal(0);
    expect((await run('kiosk', 'list')).out).to.match(/Harbour +revoked/);
    await refused('malformed', 2, 'kiosk', 'enrol-code');
  });

  it('loads and counts a slot', async () => {
    expect(await json('stock', 'load', kiosk.kioskId, '4', '1')).to.include({ onHand: 6 });
    await refused('conflict', 1, 'stock', 'load', kiosk.kioskId, '4', '99');
    const counted = await run('stock', 'count', kiosk.kioskId, '4', '6');
    expect(counted.out).to.include('The books agree.');
  });

  it('lists, shows and resolves redemptions: two people, one proposes, the other confirms', async () => {
    await vend(kiosk, 1, 'dropped');
    const id = await vend(kiosk, 3, 'unknown');
    const { items } = await json<{ items: { redemptionId: string }[] }>('redemptions', 'list', '--state', 'in_doubt');
    expect(items.map((row) => row.redemptionId)).to.deep.equal([id]);
    const shown = await run('redemptions', 'show', id);
    expect(shown.out).to.include('vending → in_doubt').and.to.include('in_doubt');

    const resolve = ['redemptions', 'resolve', id];
    await refused('malformed', 2, ...resolve, '--yes');
    await refused('conflict', 1, ...resolve, '--confirm', '--yes');
    expect((await run(...resolve, '--outcome', 'released', '--reason', 'it hangs', '--dry-run')).out).to.include(
      '860 points',
    );
    expect((await run(...resolve, '--outcome', 'released', '--reason', 'it hangs', '--yes')).out).to.include(
      'Proposed',
    );
    await refused('second_person_required', 1, ...resolve, '--confirm', '--yes');
    const other = ['--url', alliance.url, '--token', alliance.seeded.second.token];
    expect((await desk().run(...resolve, '--confirm', '--yes', ...other)).out).to.equal('Confirmed.\n');
    expect((await run('redemptions', 'show', id)).out).to.include('staff_released');
    await refused('not_found', 1, 'redemptions', 'show', kiosk.newId());
  });

  it('checks the live books beside the server and through it', async () => {
    const beside = await run('check');
    expect(beside.out).to.include('Everything holds.');
    expect(beside.code).to.equal(0);
    const through = await desk().run('check', '--json', '--url', alliance.url, '--token', alliance.seeded.admin.token);
    expect(JSON.parse(through.out)).to.include({ ok: true });
  });

  it('backs the live books up, or says who does', async () => {
    const to = join(alliance.data, 'copy.db');
    if (engine === 'postgres') {
      expect(await refused('conflict', 1, 'backup', '--to', to)).to.include('pg_dump');
      expect(await refused('conflict', 1, 'restore', '--from', to, '--yes')).to.include('pg_restore');
    } else {
      await json('backup', '--to', to);
      await refused('conflict', 1, 'restore', '--from', to, '--yes');
    }
    expect(existsSync(to)).to.equal(engine === 'sqlite');
  });

  it('refuses a wrong token with a sentence', async () => {
    const ran = await desk().run('kiosk', 'list', '--url', alliance.url, '--token', 'nonsense');
    expect(ran.code).to.equal(1);
    expect(ran.err).to.include('Sign in first');
  });

  it('seeds the demo again without making anything twice', async () => {
    const again = await json<typeof alliance.seeded>('demo', 'seed');
    expect(again.members.map((member) => member.memberId)).to.deep.equal(
      alliance.seeded.members.map((m) => m.memberId),
    );
    expect(again.merchants).to.deep.equal(alliance.seeded.merchants);
    expect(again.rewards).to.deep.equal(alliance.seeded.rewards);
    expect(again.kiosks[0]).to.include({ id: alliance.seeded.kiosks[0]?.id, enrolmentCode: null });
    expect(again.admin).to.include({ login: alliance.seeded.admin.login, password: alliance.seeded.admin.password });
    expect((await run('check')).code).to.equal(0);
  });

  it('gives every demo member a working QR, PIN and card', async () => {
    const member = alliance.seeded.members[1];
    const qr = await fetch(member?.qrUrl ?? '');
    expect(await qr.text()).to.match(/^T1\./);
    const { cardUid: uid = '', pin = '' } = member ?? {};
    expect(await kiosk.identify({ kind: 'card', uid, pin })).to.include({ ok: true });
  });
});
