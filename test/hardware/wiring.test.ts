import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Wiring } from '@tessera/hardware/ports';
import { demoWiring, guardedLines, inputLines, loadWiring, MOST_SLOTS, parseWiring } from '@tessera/hardware/wiring';

describe('hardware: how a cabinet is wired', () => {
  it('reads back what it writes, for every size of the simulated cabinet', () => {
    for (let slots = 1; slots <= MOST_SLOTS; slots += 1) {
      const wiring = demoWiring(slots);
      expect(parseWiring(JSON.parse(JSON.stringify(wiring)))).to.deep.equal({ ok: true, value: wiring });
      expect(guardedLines(wiring)).to.have.lengthOf(slots + 2);
      expect(inputLines(wiring)).to.have.lengthOf(slots * 2 + 3);
    }
  });

  it('refuses what would drive the wrong thing, or too long', () => {
    const wiring = demoWiring(2);
    const [first, second] = wiring.slots as [Wiring['slots'][number], Wiring['slots'][number]];
    const wrong: unknown[] = [
      {},
      null,
      { ...wiring, slots: [] },
      { ...wiring, slots: [first, first] },
      { ...wiring, slots: [first, { ...second, motor: first.motor }] },
      { ...wiring, slots: [first, { ...second, home: first.current }] },
      { ...wiring, slots: [{ ...first, pulseMs: 60_000 }] },
      { ...wiring, slots: [{ ...first, pulseMs: Number.NaN }] },
      { ...wiring, slots: [{ ...first, activeLow: 'yes' }] },
      { ...wiring, beam: { ...wiring.beam, emitter: { line: first.motor, activeLow: true } } },
      { ...wiring, settleMs: 0 },
    ];
    for (const value of wrong) expect(parseWiring(value).ok, JSON.stringify(value)).to.equal(false);
  });

  it('says in a sentence what is wrong with a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tessera-wiring-'));
    const path = join(folder, 'wiring.json');
    const missing = await loadWiring(path);
    expect(!missing.ok && missing.error).to.contain(path);
    writeFileSync(path, JSON.stringify({ ...demoWiring(1), settleMs: 'long' }));
    const wrong = await loadWiring(path);
    expect(!wrong.ok && wrong.error).to.contain('settleMs');
    rmSync(folder, { recursive: true });
  });
});
