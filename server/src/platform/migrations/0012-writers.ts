export const writerTables: readonly string[] = [
  `create table writers (writer text primary key, batch integer not null, at integer not null) strict`,
];
