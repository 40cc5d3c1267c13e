import { expect } from 'chai';
import type { Screen } from '@tessera/shared/protocol/ui';
import { sayingOf } from '../../../kiosk/ui/src/look/saying.ts';
import { languages } from '../../../kiosk/ui/src/words/index.ts';

const failed = (code: string, another: boolean): Extract<Screen, { name: 'failed' }> => ({
  name: 'failed',
  code,
  gift: null,
  pointsTaken: 0,
  another,
  help: '',
});

describe('what the kiosk says when there is no gift', () => {
  for (const words of Object.values(languages)) {
    describe(words.language, () => {
      const said = (code: string, another: boolean) => sayingOf(failed(code, another), null, words);

      it('does not claim that no points were taken where a code has brought its gift before', () => {
        const { title, lines } = said('pickup_code_used', false);
        expect(title).to.equal(words.failed.other);
        expect(lines[0]).to.equal(words.notes['pickup_code_used']);
      });

      it('says of each order what now, never to try a dead code again', () => {
        for (const code of ['pickup_code_used', 'pickup_code_invalid', 'pickup_code_expired', 'not_dropped']) {
          const [, now] = said(code, false).lines;
          expect(now, code).to.be.a('string').that.is.not.oneOf(['', words.failed.now]);
        }
      });

      it('offers another try only where it can help, and another gift to a member', () => {
        expect(said('never_energised', false).lines[1]).to.equal(words.failed.now);
        expect(said('not_dropped', true)).to.deep.equal({
          title: words.failed.noPoints,
          lines: [words.notes['not_dropped'], words.failed.nowAnother],
        });
      });
    });
  }
});
