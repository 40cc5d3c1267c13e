import { expect } from 'chai';
import { cabinetOutputs } from '@tessera/hardware/lines/cabinet-lines';
import { systemScheduler } from '@tessera/hardware/platform/system';
import { guardedLines } from '@tessera/hardware/wiring';
import { join } from 'node:path';
import { Site, until } from '../support/processes.ts';

describe('hardware: what systemd runs after the guard', function () {
  this.timeout(60_000);
  let site: Site;

  beforeEach(() => {
    site = new Site();
  });
  afterEach(() => site.close());

  it('lets go of a motor that a killed owner left driven', async () => {
    await site.cabinet();
    const relay = async (): Promise<boolean | undefined> => (await site.state()).slots[1]?.relay;
    const [, slot] = site.wiring.slots;
    const owner = site.start('test/hardware/support/owner-process.ts', [site.cabinetSocket, String(slot!.motor)]);
    await until(async () => ((await relay()) === true ? true : undefined), 'a driven motor');
    owner.signal('SIGKILL');
    await owner.exited;
    expect(await relay()).to.equal(true);
    const places = ['--wiring', join(site.dir, 'wiring.json'), '--cabinet', site.cabinetSocket];
    const safe = site.start('hardware/src/guard/safe/main.ts', places);
    expect(await safe.exited).to.equal(0);
    expect(await relay()).to.equal(false);
    const claimed = await cabinetOutputs({ socketPath: site.cabinetSocket, scheduler: systemScheduler }).claim(
      guardedLines(site.wiring),
    );
    expect(claimed.ok).to.equal(true);
    if (claimed.ok) await claimed.value.release();
  });
});
