import { expect } from 'chai';
import { GuardClient } from '@tessera/hardware/guard/client';
import { guardTimeouts } from '@tessera/hardware/guard/timeouts';
import { systemClock, systemScheduler } from '@tessera/hardware/platform/system';
import { say, Site, until } from '../support/processes.ts';

const newClient = (socketPath: string): GuardClient =>
  new GuardClient({ socketPath, clock: systemClock, scheduler: systemScheduler, timeouts: guardTimeouts });

describe('hardware: the door of the guard', function () {
  this.timeout(60_000);
  let site: Site;
  let client: GuardClient;

  before(async () => {
    site = new Site(400);
    // It comes to the guard by itself, whenever that is there.
    client = newClient(site.guardSocket);
    await site.cabinet();
    await site.guard();
    await until(() => (client.alive ? true : undefined), 'the guard');
  });
  after(async () => {
    client.close();
    await site.close();
  });

  const probe = '{"type":"hello","version":1,"role":"probe"}';

  it('refuses what is no message of this protocol, counts it, and leaves the daemon alone', async () => {
    const rows: [string[], string][] = [
      [['pulse please'], 'malformed'],
      [['[1,2]'], 'invalid_fields'],
      [['{"type":"hello","version":2,"role":"driver"}'], 'unsupported_protocol'],
      [['{"type":"pulse","id":1,"line":101,"ms":100}'], 'hello_required'],
      [[probe, '{"type":"pulse","id":1,"line":101,"ms":100}'], 'forbidden'],
      [[probe, '{"type":"pulse","id":1,"line":101,"ms":1e9}'], 'invalid_fields'],
      [[probe, probe], 'malformed'],
      [[`{"type":"${'x'.repeat(70_000)}`], 'too_large'],
    ];
    for (const [lines, code] of rows) {
      const last = (await say(site.guardSocket, lines, 9)).at(-1) as unknown as { problem: { code: string } };
      expect(last.problem.code).to.equal(code);
    }
    const [hello] = await say(site.guardSocket, [probe], 1);
    expect(hello).to.deep.equal({ type: 'hello', version: 1, ready: true, refusals: rows.length });
    expect((await site.state()).slots.every(({ pulses }) => pulses === 0)).to.equal(true);
    expect((await client.pulse({ line: 101, ms: 30 })).ok).to.equal(true);
  });

  it('answers when the line is inactive again: by time, by limit, let go', async () => {
    const byTime = await client.pulse({ line: 102, ms: 60 });
    expect(byTime).to.deep.include({ ok: true });
    expect((await site.state()).slots[1]?.relay).to.equal(false);
    const byLimit = await client.pulse({ line: 102, ms: 5_000 });
    expect(byLimit.ok && byLimit.value.by).to.equal('limit');
    const letGo = client.pulse({ line: 102, ms: 400 });
    await until(async () => ((await site.state()).slots[1]?.relay === true ? true : undefined), 'a driven line');
    client.letGo(102);
    const ended = await letGo;
    expect(ended.ok && ended.value.by).to.equal('let_go');
    expect(await client.pulse({ line: 999, ms: 10 })).to.deep.include({ ok: false });
  });

  it('fences the older daemon when a newer one comes, and lets go of what it drove', async () => {
    const running = client.pulse({ line: 103, ms: 400 });
    await until(async () => ((await site.state()).slots[2]?.relay === true ? true : undefined), 'a driven line');
    const ends: boolean[] = [];
    client.onAlive((alive) => ends.push(alive));
    const newer = newClient(site.guardSocket);
    const end = await running;
    expect(end.ok && end.value.by).to.equal('lost');
    await until(() => (ends.includes(false) ? true : undefined), 'the fencing');
    await until(() => (newer.alive ? true : undefined), 'the newer daemon');
    await until(async () => ((await site.state()).slots[2]?.relay === false ? true : undefined), 'the letting go');
    // The older one does not come back at once to throw the newer one out.
    expect((await newer.pulse({ line: 103, ms: 300 })).ok).to.equal(true);
    expect(client.alive).to.equal(false);
    newer.close();
    await until(() => (client.alive ? true : undefined), 'the older daemon again');
  });
});
