import Sqlite from 'better-sqlite3';

/** Another process owns the data. */
class DataInUse extends Error {
  readonly code = 'TESSERA_DATA_IN_USE';
}

/**
 * Makes this process the only owner of a data folder until the answer is called or the process ends, however it ends: SQLite
 * lets one process at a time into an exclusive transaction, by a lock that the kernel takes back.
 * @param file of its own, beside the database: readers of that must not be kept out
 * @throws DataInUse where a process owns it already
 */
export function ownAlone(file: string): () => void {
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    const isBusy = error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
    throw isBusy ? new DataInUse(`A server runs on this data already (${file} is locked).`) : error;
  }
  return () => {
    lock.close();
  };
}
