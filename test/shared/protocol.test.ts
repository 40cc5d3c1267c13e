import { expect } from 'chai';
import fc from 'fast-check';
import { fake } from 'sinon';
import { armFailpoints } from '@tessera/shared/ports';
import { problem, problemCatalogue, problemSchema, type ProblemCode } from '@tessera/shared/problem';
import { kioskExchanges } from '@tessera/shared/protocol/kiosk';
import { uiExchanges } from '@tessera/shared/protocol/ui';
import { negotiate } from '@tessera/shared/protocol/version';

describe('the wire', () => {
  const doors = { ...kioskExchanges, ...uiExchanges };

  it('refuses garbage under every event name', () => {
    for (const [name, { request }] of Object.entries(doors)) {
      fc.assert(
        fc.property(fc.anything(), (value) => !request.safeParse(value).success),
        { numRuns: 200 },
      );
      expect(request.safeParse({ redemptionId: 'x' }).success, name).to.equal(false);
    }
  });

  it('lets every refusal of the catalogue through every answer', () => {
    for (const code of Object.keys(problemCatalogue) as ProblemCode[]) {
      const refusal = { ok: false, problem: problem(code, { facts: { price: 3 } }) };
      for (const { answer } of Object.values(doors)) expect(answer.safeParse(refusal).success, code).to.equal(true);
      expect(problemSchema.parse(problem(code)).title).to.match(/[.]$/);
    }
  });

  it('negotiates the newest version both know, or none', () => {
    expect(negotiate([3, 1])).to.equal(1);
    expect(negotiate([99])).to.equal(undefined);
    expect(negotiate([])).to.equal(undefined);
  });
});

describe('failpoints', () => {
  it('fire at the n-th hit of their name, once', () => {
    const fire = fake<[string, string], undefined>();
    const points = armFailpoints('a:2=stop,b', fire);
    for (const name of ['a', 'c', 'b', 'a', 'a', 'b']) points.hit(name);
    expect(fire.args).to.deep.equal([
      ['b', 'SIGKILL'],
      ['a', 'SIGSTOP'],
    ]);
  });
});
