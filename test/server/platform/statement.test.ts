import { openDatabase } from '@tessera/server/platform/database/database';
import { statement } from '@tessera/server/platform/database/statement';
import { migrate } from '@tessera/server/platform/migrations/migrate';
import { expect } from 'chai';
import { sql } from 'kysely';

describe('a hot query', () => {
  it('is refused where its limit is an argument, which SQLite would plan anew at every call', async () => {
    const database = openDatabase(':memory:');
    await migrate(database.db);
    const table = (limit: number | ReturnType<typeof sql.lit<number>>) =>
      statement((db, p: { key: string }) =>
        db.selectFrom('meta').select('value').where('key', '=', p.key).limit(limit),
      );
    const failure = await table(1)(database.db, { key: 'a' }).catch((cause: unknown) => cause);
    expect(String(failure)).to.match(/limit as a literal/);
    expect(await table(sql.lit(1))(database.db, { key: 'no such' })).to.deep.equal([]);
    await database.close();
  });
});
