import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { problemSchema } from '@tessera/shared/problem';
import { allCommands } from '@tessera/server/cli/commands/index';
import { settingsAbout } from '@tessera/server/platform/config/settings';
import { desk, noServe } from './support/desk.ts';

const names = allCommands(noServe).map((spec) => spec.name);

describe('the command line', () => {
  it('knows every command that the contract names', () => {
    expect(names).to.have.members([
      'serve',
      'admin create',
      'merchant add',
      'member add',
      'card issue',
      'reward add',
      'campaign list',
      'campaign show',
      'campaign add',
      'campaign change',
      'kiosk enrol-code',
      'kiosk list',
      'kiosk revoke',
      'stock load',
      'stock count',
      'redemptions list',
      'redemptions show',
      'redemptions resolve',
      'rules list',
      'rules show',
      'rules add',
      'rules change',
      'rules end',
      'rules try',
      'tier ladder',
      'tier set',
      'tier show',
      'accrual show',
      'accrual refund',
      'payment list',
      'payment show',
      'payment hold',
      'payment capture',
      'payment void',
      'payment refund',
      'import',
      'export',
      'points history',
      'points lots',
      'points explain',
      'points transfer',
      'points adjust',
      'rates list',
      'rates set',
      'money balances',
      'money show',
      'money prepay',
      'money terms',
      'money fee',
      'money charge',
      'money default',
      'money wind-down',
      'money resolve',
      'money proposals',
      'money confirm',
      'money reject',
      'settlement open',
      'settlement list',
      'settlement show',
      'settlement cutoff',
      'settlement approve',
      'settlement post',
      'settlement pay',
      'settlement statement',
      'settlement verify',
      'settlement bank-file',
      'settlement dispute',
      'settlement disputes',
      'check',
      'replay',
      'demo seed',
      'backup',
      'restore',
      'migrate-to-postgres',
    ]);
  });

  for (const name of names) {
    it(`teaches "${name}": what it does, examples, --json`, async () => {
      const { code, out, err } = await desk().run(...name.split(' '), '--help');
      expect(code).to.equal(0);
      expect(err).to.equal('');
      expect(out).to.include('Examples').and.to.include(`$ tessera ${name}`).and.to.include('--json');
    });
  }

  it('tells what the server reads from its environment', async () => {
    const { out } = await desk().run('serve', '--help');
    for (const name of Object.keys(settingsAbout)) expect(out).to.include(name);
    expect(out).to.include('Environment').and.to.include('TESSERA_SMTP_URL');
  });

  it('explains exit codes and where to start', async () => {
    const { code, out } = await desk().run('--help');
    expect(code).to.equal(0);
    expect(out).to.include('Exit codes').and.to.include('tessera serve');
  });

  it('shows the help of a group that was named alone', async () => {
    const { code, err } = await desk().run('kiosk');
    expect(code).to.equal(2);
    expect(err).to.include('enrol-code').and.to.include('revoke');
  });

  it('refuses a misspelt command with a hint, as a problem with --json', async () => {
    const plain = await desk().run('chekc');
    expect(plain.code).to.equal(2);
    expect(plain.err).to.include("unknown command 'chekc'").and.to.include('check');
    const json = await desk().run('chekc', '--json');
    expect(z.parse(problemSchema, JSON.parse(json.err))).to.include({ code: 'malformed', status: 400 });
    expect(json.out).to.equal('');
  });

  it('names the option that is wrong and what it wants', async () => {
    const { code, err } = await desk().run(
      'stock',
      'load',
      'k00000000000000000000000000',
      '3',
      'many',
      '--url',
      'http://x',
    );
    expect(code).to.equal(2);
    expect(err).to.include('<quantity>').and.to.include('whole number from 1 to 999');
  });

  it('names an argument as its help does, not as an option that there is none of', async () => {
    const { err } = await desk().run('redemptions', 'show', '01JAB', '--url', 'http://x');
    expect(err).to.include('<redemptionId>').and.to.not.include('--redemption-id');
  });

  it('fills the lines of what its help teaches', async () => {
    for (const name of names) {
      const { out } = await desk().run(...name.split(' '), '--help');
      const lines = out.split('\n\n')[2]?.split('\n') ?? [];
      for (const [index, line] of lines.slice(0, -1).entries()) {
        const [next = ''] = lines[index + 1]?.split(' ') ?? [];
        expect(`${line} ${next}`.length, `${name}: “${line}”`).to.be.at.least(100);
      }
    }
  });

  it('says which server it lacks', async () => {
    const { code, err } = await desk().run('kiosk', 'list');
    expect(code).to.equal(2);
    expect(err).to.include('--data DIR');
  });

  it('ends with 3 where no server answers', async () => {
    const { code, err } = await desk().run('kiosk', 'list', '--url', 'http://127.0.0.1:1', '--json');
    expect(code).to.equal(3);
    expect(JSON.parse(err)).to.include({ code: 'unavailable' });
  });

  it('says so where something else than Tessera answers', async () => {
    const stranger = createServer((request, response) => {
      response.setHeader('content-type', request.method === 'GET' ? 'application/json' : 'text/html');
      response.end(request.method === 'GET' ? '{"hello":"world"}' : '<h1>It works!</h1>');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((stranger.address() as AddressInfo).port)}`;
    try {
      for (const words of [
        ['kiosk', 'list'],
        ['stock', 'load', `k${'0'.repeat(26)}`, '1', '2'],
      ]) {
        const { code, err } = await desk().run(...words, '--url', url, '--token', 'secret', '--json');
        expect(code).to.equal(3);
        expect(JSON.parse(err)).to.include({ code: 'unavailable' });
        expect(err).to.include('--url').and.to.not.include('secret');
      }
    } finally {
      stranger.close();
    }
  });

  it('never throws and never answers 0 for garbage', async () => {
    const word = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('stock', 'load', '--json', '--yes', '--slot=1', '--'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 6 }), async (words) => {
        fc.pre(!words.some((one) => /^(-h|--help|help|serve|-[a-z]*h)/.test(one)));
        const { code, err } = await desk({ env: { TESSERA_URL: 'http://127.0.0.1:1' } }).run(...words);
        expect(code).to.be.oneOf([1, 2, 3]);
        expect(err).to.not.equal('');
      }),
      { numRuns: 200 },
    );
  });
});
