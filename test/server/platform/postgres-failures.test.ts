import { isUnavailable } from '@tessera/server/platform/database/unavailable';
import {
  isLostConnection,
  isPassing,
  isStorageFailure,
  stateOf,
} from '@tessera/server/platform/database/postgres/failures';
import { expect } from 'chai';

const error = (code?: string, message = 'words'): Error => Object.assign(new Error(message), code ? { code } : {});

describe('what PostgreSQL fails with', () => {
  it('knows a broken connection by the words of the system, of the driver and of the server', () => {
    for (const code of ['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ENOENT', 'ETIMEDOUT', '57P01', '57P03', '08006'])
      expect(isLostConnection(error(code)), code).to.equal(true);
    expect(isLostConnection(error(undefined, 'Connection terminated unexpectedly'))).to.equal(true);
    for (const words of ['Client was closed and is not queryable', 'timeout exceeded when trying to connect'])
      expect(isLostConnection(error(undefined, words)), words).to.equal(true);
    expect(isLostConnection(new AggregateError([error('ECONNREFUSED'), error('ECONNREFUSED')]))).to.equal(true);
  });

  it('takes nothing else for a broken connection that has a word in common', () => {
    for (const words of ['Unterminated string in JSON at position 11', 'this account is closed', 'a timeout of 5 ms'])
      expect(isUnavailable(new SyntaxError(words)), words).to.equal(false);
  });

  it('takes no name of the system for a state of the server', () => {
    expect([stateOf(error('EPIPE')), stateOf(error('40001')), stateOf(error('XX001'))]).to.deep.equal([
      '',
      '40001',
      'XX001',
    ]);
  });

  it('tells what passes from a full disk, and both from a bug', () => {
    for (const code of ['40001', '40P01', '55P03', '53300', '25006'])
      expect(isPassing(error(code)), code).to.equal(true);
    for (const code of ['53100', '58030', 'XX001']) expect(isStorageFailure(error(code)), code).to.equal(true);
    for (const bug of [error('23505'), error('42601'), new TypeError('x is not a function'), error()])
      expect(isUnavailable(bug)).to.equal(false);
    for (const code of ['EPIPE', '53100', '40001', 'SQLITE_FULL'])
      expect(isUnavailable(error(code)), code).to.equal(true);
  });
});
