import { expect } from 'chai';
import { armFailpoints, noFailpoints } from '@tessera/shared/ports';
import { assert, err, ok, unreachable } from '@tessera/shared/result';

describe('failpoints', () => {
  /** What fires of these hits, each with the number of the hit. */
  function fired(specification: string, hits: readonly string[]): string[] {
    const seen: string[] = [];
    let hit = 0;
    const points = armFailpoints(specification, (name, signal) => seen.push(`${String(hit)} ${name} ${signal}`));
    for (const name of hits) {
      hit += 1;
      points.hit(name);
    }
    return seen;
  }

  it('fire at the first hit of their name, once', () => {
    expect(fired('a', ['b', 'a', 'a'])).to.deep.equal(['2 a SIGKILL']);
  });

  it('fire at the hit that they are told', () => {
    expect(fired('a:2,b', ['a', 'b', 'a', 'a', 'b'])).to.deep.equal(['2 b SIGKILL', '3 a SIGKILL']);
  });

  it('freeze instead, where told', () => {
    expect(fired('a=stop,b:2=stop,c=kill', ['a', 'b', 'b', 'c'])).to.deep.equal([
      '1 a SIGSTOP',
      '3 b SIGSTOP',
      '4 c SIGKILL',
    ]);
  });

  it('stay silent where nothing is armed', () => {
    expect(fired('', ['a', ''])).to.deep.equal([]);
    expect(() => noFailpoints.hit('a')).not.to.throw();
  });
});

describe('results', () => {
  it('say which they are', () => {
    expect([ok(5), err('no')]).to.deep.equal([
      { ok: true, value: 5 },
      { ok: false, error: 'no' },
    ]);
  });

  it('are for what is expected; a bug throws, with its words', () => {
    expect(() => assert(true, 'fine')).not.to.throw();
    expect(() => assert(false, 'the sky is up')).to.throw('Assertion failed: the sky is up');
    expect(() => {
      unreachable({ odd: 1 } as never);
    }).to.throw('Unexpected value: {"odd":1}');
  });
});
