import { fuzz, type DoorName, type DoorResult } from '@tessera/scripts/faults/fuzz/run';
import { fuzzedCommands } from '@tessera/scripts/faults/fuzz/cli-fuzz';
import { expect } from 'chai';

describe('faults: nonsense and near-sense at every door', function () {
  this.timeout(120_000);

  const speak = async (door: DoorName, messages: number): Promise<DoorResult> => {
    const { [door]: result } = await fuzz({ doors: [door], seed: 7, minutes: 1, messages, say: () => undefined });
    expect(result?.findings).to.deep.equal([]);
    return result!;
  };

  it('of a real server is answered or refused, changes nothing by refusal, and tells nobody what is not theirs', async () => {
    const { answered } = await speak('server', 400);
    expect(answered, 'some requests are accepted').to.include.keys('200', '201');
    expect(answered, 'some are refused').to.include.keys('401', '403', '404', '422');
    expect(answered, 'redemptions begin and are reported').to.include.keys('authorise ok', 'identify ok', 'outcome ok');
  });

  it('of a real screen is refused by name and changes nothing on it', async () => {
    const { answered } = await speak('ui', 120);
    expect(answered, 'taps are refused').to.include.keys('intent stale_tap', 'intent not_now', 'intent invalid_fields');
    expect(answered, 'a member gets somewhere meanwhile').to.include.keys('submit_pin ok', 'choose ok');
  });

  it('of the cabinet and its guard changes nothing by refusal, and leaves no motor driven', async () => {
    const { answered } = await speak('cabinet', 250);
    expect(answered, 'hands').to.include.keys('POST /door 200', 'POST /faults 422', 'POST /scan 415');
    expect(answered, 'lines').to.include.keys('lines done', 'lines invalid_fields', 'guard beat', 'guard malformed');
    expect(answered, 'motors turn').to.include.keys('turned');
  });

  it('of scanner and card reader is passed over, and a right frame after it is read', async () => {
    const { answered } = await speak('serial', 200);
    expect(answered).to.include.keys('scanner endless', 'reader endless', 'scanner read 1', 'reader read 1');
  });

  it('of the files of a kiosk is read, or refused whole', async () => {
    const { answered } = await speak('files', 500);
    expect(answered, 'journals').to.include.keys('journal cut read', 'journal flipped unreadable_record');
    expect(answered, 'stores').to.include.keys('store right read', 'store wrong put aside');
  });

  it('of the command line ends with a documented code, and changes nothing where it refuses', async () => {
    const { answered } = await speak('cli', fuzzedCommands.length * 4);
    const met = new Set(Object.keys(answered).map((each) => each.replace(/ \d+$/, '')));
    expect([...met], 'every command is typed').to.include.members([...fuzzedCommands]);
    const codes = new Set(Object.keys(answered).map((each) => each.slice(-1)));
    expect([...codes], 'some are done, some refused, some misused').to.include.members(['0', '1', '2']);
  });
});
