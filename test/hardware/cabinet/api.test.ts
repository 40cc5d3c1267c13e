import { expect } from 'chai';
import { connect } from 'node:net';
import { say, Site, until } from '../support/processes.ts';

type Problem = { readonly code: string };

describe('hardware: the doors of the cabinet', function () {
  this.timeout(60_000);
  let site: Site;

  before(async () => {
    site = new Site();
    await site.cabinet();
  });
  after(() => site.close());

  const codeOf = async (answer: Response | Promise<Response>): Promise<string> => {
    const response = await answer;
    expect(response.headers.get('content-type')).to.match(/^application\/problem\+json/);
    return ((await response.json()) as Problem).code;
  };
  const raw = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(site.url + path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

  it('tells the truth in the words that were agreed', async () => {
    const state = await site.state();
    expect(state).to.deep.include({ drops: [], tray: 0 });
    expect(state.slots).to.have.lengthOf(4);
    expect(state.slots[0]).to.deep.include({ slot: 1, goods: 6, relay: false, pulses: 0 });
    await site.post('/faults', { slot: 2, fault: 'stray_drop' });
    const after = await until(async () => {
      const now = await site.state();
      return now.drops.length > 0 ? now : undefined;
    }, 'the drop');
    expect(Object.keys(after.drops[0]!)).to.have.members(['seq', 'slot', 'atMs']);
    expect(after.drops[0]).to.deep.include({ seq: 1, slot: 2 });
    expect(after.tray).to.equal(1);
    const picked = (await (await site.post('/tray/pickup', {})).json()) as { taken: number };
    expect(picked.taken).to.equal(1);
    expect((await site.state()).tray).to.equal(0);
  });

  it('does what hands do: open, fill, break, mend, reset', async () => {
    expect((await site.post('/door', { open: true })).status).to.equal(200);
    expect((await site.post('/slots/3/goods', { goods: 2 })).status).to.equal(200);
    expect((await site.post('/faults', { slot: 3, fault: 'jam' })).status).to.equal(200);
    expect((await site.post('/faults', { device: 'scanner', fault: 'unplugged' })).status).to.equal(200);
    const broken = await site.state();
    expect(broken.door).to.equal('open');
    expect(broken.slots[2]).to.deep.include({ goods: 2, faults: ['jam'] });
    expect(broken.devices[0]).to.deep.include({ device: 'scanner', plugged: false });
    expect(await (await site.post('/scan', { text: 'x' })).json()).to.deep.equal({ ok: true, sent: false });
    await site.post('/reset', { what: 'faults' });
    expect((await site.state()).slots[2]).to.deep.include({ goods: 2, faults: [] });
    // A reset needs nothing said.
    expect((await fetch(`${site.url}/reset`, { method: 'POST' })).status).to.equal(200);
    expect(await site.state()).to.deep.include({ drops: [], tray: 0, door: 'closed' });
    expect((await site.state()).slots[2]).to.deep.include({ goods: 6, pulses: 0 });
  });

  it('refuses bad input with a type, counts it, and changes nothing', async () => {
    const before = await site.state();
    const wrong: [Promise<Response>, string][] = [
      [raw('/scan', '{"text":'), 'malformed'],
      [raw('/scan', '[]'), 'invalid_fields'],
      [raw('/scan', '"text"'), 'malformed'],
      [raw('/scan', '{}'), 'invalid_fields'],
      [raw('/scan', '{"text":5}'), 'invalid_fields'],
      [raw('/scan', JSON.stringify({ text: 'a\rb' })), 'invalid_fields'],
      [raw('/scan', JSON.stringify({ text: 'x'.repeat(1_001) })), 'invalid_fields'],
      [raw('/scan', JSON.stringify({ text: 'x'.repeat(100_000) })), 'too_large'],
      [raw('/scan', 'text=x', { 'content-type': 'application/x-www-form-urlencoded' }), 'unsupported_media_type'],
      [raw('/card', '{"uid":"01"}'), 'invalid_fields'],
      [raw('/card', '{"uid":"010063E9AE","more":1}'), 'invalid_fields'],
      [raw('/faults', '{"slot":99,"fault":"jam"}'), 'invalid_fields'],
      [raw('/faults', '{"slot":1,"fault":"earthquake"}'), 'invalid_fields'],
      [raw('/faults', '{"fault":"jam"}'), 'invalid_fields'],
      [raw('/faults', '{"slot":1,"fault":"jam"}', { origin: 'https://evil.example' }), 'foreign_origin'],
      [raw('/faults', '{"slot":1,"fault":"jam"}', { origin: 'null' }), 'foreign_origin'],
      [raw('/door', '{"open":"yes"}'), 'invalid_fields'],
      [raw('/slots/9/goods', '{"goods":1}'), 'not_found'],
      [raw('/slots/1/goods', '{"goods":-1}'), 'invalid_fields'],
      [raw('/slots/1/goods', '{"goods":1.5}'), 'invalid_fields'],
      [raw('/reset', '{"what":"everything"}'), 'invalid_fields'],
      [raw('/nowhere', '{}'), 'not_found'],
      [raw('/state', '{}'), 'method_not_allowed'],
      [fetch(`${site.url}/scan`), 'method_not_allowed'],
    ];
    for (const [answer, code] of wrong) expect(await codeOf(answer)).to.equal(code);
    expect(await site.state()).to.deep.equal(before);
    const metrics = await (await fetch(`${site.url}/metrics`)).text();
    expect(metrics).to.match(/tessera_cabinet_refusals_total\{door="http",code="foreign_origin"\} 2/);
    expect(metrics).to.match(/tessera_cabinet_refusals_total\{door="http",code="invalid_fields"\} \d\d/);
  });

  it('refuses garbage on the line socket, counts it, and drives nothing', async () => {
    const rows: [string[], string][] = [
      [['not json'], 'malformed'],
      [['{"type":"hello"}'], 'invalid_fields'],
      [['{"type":"hello","version":99}'], 'unsupported_protocol'],
      [['{"type":"claim","id":1,"lines":[]}'], 'hello_required'],
      [['{"type":"hello","version":1}', '{"type":"set","id":1,"line":-1,"active":true}'], 'invalid_fields'],
      [['x'.repeat(70_000)], 'too_large'],
    ];
    for (const [lines, code] of rows) {
      const last = (await say(site.cabinetSocket, lines, 9)).at(-1) as unknown as { problem: Problem };
      expect(last.problem.code, code).to.equal(code);
    }
    const metrics = await (await fetch(`${site.url}/metrics`)).text();
    expect(metrics).to.match(/\{door="lines",code="too_large"\} 1/);
    expect((await site.state()).slots.every(({ relay, pulses }) => !relay && pulses === 0)).to.equal(true);
  });

  it('gives outputs to one owner, inputs to all, and drives only for the owner', async () => {
    const hello = '{"type":"hello","version":1}';
    const claim = '{"type":"claim","id":1,"lines":[{"line":101,"activeLow":true}]}';
    const owner = connect(site.cabinetSocket);
    owner.write(`${hello}\n${claim}\n`);
    await new Promise<void>((resolve) =>
      owner.on('data', (data) => {
        if (data.includes('"done"')) resolve();
      }),
    );
    const other = [hello, claim, '{"type":"set","id":2,"line":101,"active":true}'];
    const reads = ['{"type":"open","id":3,"lines":[{"line":12,"activeLow":true}]}', '{"type":"read","id":4,"line":12}'];
    const unknown = '{"type":"claim","id":5,"lines":[{"line":9999,"activeLow":true}]}';
    const answers = await say(site.cabinetSocket, [...other, ...reads, unknown], 6);
    expect(answers.slice(1).map((answer) => answer['code'] ?? answer['active'] ?? 'done')).to.deep.equal([
      'busy',
      'refused',
      'done',
      false,
      'no_such_line',
    ]);
    owner.destroy();
  });

  it('shows the dock, and every change as it happens', async () => {
    const page = await fetch(`${site.url}/`);
    expect(page.headers.get('content-security-policy')).to.contain("default-src 'self'");
    expect(await page.text()).to.contain('Tessera dock');
    expect((await fetch(`${site.url}/tokens.css`)).status).to.equal(200);
    const stop = new AbortController();
    const events = await fetch(`${site.url}/events`, { signal: stop.signal });
    const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader();
    await site.post('/door', { open: true });
    let seen = '';
    while (!seen.includes('"door":"open"')) seen += (await reader.read()).value ?? '';
    stop.abort();
    await site.post('/door', { open: false });
  });
});
