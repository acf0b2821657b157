import { expect } from 'chai';
import type { AccountRef } from '#src/domain/account.js';
import type { Transaction } from '#src/storage/database.js';
import { qualifiedName } from '#src/storage/identifier.js';
import type { MirrorRepository, RepositoryOptions } from '#src/storage/mirror-repository.js';
import type { TestDatabase } from '../support/postgres.js';
import { whileUncommitted } from './two-writers.js';

export interface MirrorCase<Row extends Key, Key> {
  readonly table: string;
  readonly repository: (options: RepositoryOptions) => MirrorRepository<Row, Key>;
  /** A row with this name in its key. */
  readonly row: (name: string) => Row;
  /** The same row with another value. */
  readonly changed: (row: Row) => Row;
  readonly keyOf: (row: Row) => Key;
  /** What is different in a row after it was marked absent at `atMs`. */
  readonly absent: (atMs: number) => Readonly<Record<string, unknown>>;
}

const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };
const OTHER: AccountRef = { exchange: 'bybit', account: 'other' };
const SCOPE = 'scope-a';
const AT = Date.UTC(2026, 5, 1, 12);

/** Names an exchange may send; none may change a statement, a neighbour or itself. */
const HOSTILE_NAMES = [
  `'; DROP TABLE exchange_balances; --`,
  '"quoted"',
  'back\\slash',
  '{array,"literal"}',
  'NULL',
  '',
  ' ',
  '\u{1F680}\u{1F468}\u200D\u{1F469}\u200D\u{1F467}',
  '$1::text',
  'line\nbreak',
  'x'.repeat(10_000),
];

/** What holds for every table that mirrors an account. */
export function describeMirror<Row extends Key, Key>(
  test: TestDatabase,
  { table, repository, row, changed, keyOf, absent }: MirrorCase<Row, Key>,
): void {
  describe(table, () => {
    const rows = () => repository({ schema: test.schema });
    const write = (records: readonly Row[], account = MAIN, scope = SCOPE) =>
      test.database.transaction((tx) => rows().upsert(tx, account, scope, records));
    const remove = (keys: readonly Key[], scope = SCOPE) =>
      test.database.transaction((tx) => rows().markAbsent(tx, MAIN, scope, keys, AT));
    const list = (account = MAIN) => rows().list(test.database, account);
    const present = () => rows().present(test.database, MAIN);

    it('gives back exactly what was read', async () => {
      const read = [row('A'), row('B')];
      expect(await write(read)).to.equal(2);
      expect(await list()).to.deep.equal(read.map((record) => ({ ...record, scope: SCOPE })));
      expect(await present()).to.have.deep.members(
        read.map((record) => ({ scope: SCOPE, key: keyOf(record) })),
      );
    });

    it('writes no row and no WAL for a read that is as stored', async () => {
      const read = Array.from({ length: 200 }, (_, index) => row(`N${index}`));
      await write(read);
      const before = await rowVersionsAndWal(test, table);
      expect(await write(read)).to.equal(0);
      const after = await rowVersionsAndWal(test, table);
      expect(after.versions).to.deep.equal(before.versions);
      // What the server writes in passing; 200 locked rows alone would be 10 kB.
      expect(after.wal - before.wal).to.be.below(1000);
    });

    it('writes only the rows that changed', async () => {
      const read = [row('A'), row('B'), row('C')];
      await write(read);
      const before = await rowVersionsAndWal(test, table);
      expect(await write([row('A'), changed(row('B')), row('C'), row('D')])).to.equal(2);
      const after = await rowVersionsAndWal(test, table);
      expect([...after.versions].filter((version) => !before.versions.has(version))).to.have.length(2);
      expect(await list()).to.deep.include({ ...changed(row('B')), scope: SCOPE });
    });

    it('keeps accounts apart', async () => {
      await write([row('A')]);
      await write([changed(row('A'))], OTHER);
      expect(await list()).to.deep.equal([{ ...row('A'), scope: SCOPE }]);
      expect(await list(OTHER)).to.deep.equal([{ ...changed(row('A')), scope: SCOPE }]);
    });

    it('takes the later of two rows with one key, and nothing at all', async () => {
      expect(await write([row('A'), changed(row('A'))])).to.equal(1);
      expect(await list()).to.deep.equal([{ ...changed(row('A')), scope: SCOPE }]);
      expect(await write([])).to.equal(0);
    });

    it('keeps the row of a key that is gone, without a value that it no longer has', async () => {
      await write([row('A'), row('B')]);
      expect(await remove([keyOf(row('B'))])).to.equal(1);
      expect(await list()).to.deep.equal([
        { ...row('A'), scope: SCOPE },
        { ...row('B'), scope: SCOPE, ...absent(AT) },
      ]);
      expect(await present()).to.deep.equal([{ scope: SCOPE, key: keyOf(row('A')) }]);
      expect(await remove([keyOf(row('B')), keyOf(row('never seen'))])).to.equal(0);
      expect(await remove([])).to.equal(0);
    });

    it('leaves what another scope has alone', async () => {
      await write([row('A')]);
      expect(await remove([keyOf(row('A'))], 'scope-b')).to.equal(0);
      expect(await present()).to.have.length(1);
    });

    it('has a key again that came back', async () => {
      await write([row('A')]);
      await remove([keyOf(row('A'))]);
      expect(await write([row('A')])).to.equal(1);
      expect(await list()).to.deep.equal([{ ...row('A'), scope: SCOPE }]);
      expect(await present()).to.have.length(1);
    });

    it('writes no row that another process has just written', async () => {
      await write([row('A')]);
      const upsert = (tx: Transaction) => rows().upsert(tx, MAIN, SCOPE, [changed(row('A'))]);
      expect(await whileUncommitted(test, upsert, upsert)).to.equal(0);
      expect(await list()).to.deep.equal([{ ...changed(row('A')), scope: SCOPE }]);
    });

    it('takes any name for data', async () => {
      const read = HOSTILE_NAMES.map(row);
      expect(await write(read)).to.equal(HOSTILE_NAMES.length);
      const stored = new Map((await list()).map((record) => [JSON.stringify(keyOf(record)), record]));
      for (const record of read) {
        expect(stored.get(JSON.stringify(keyOf(record)))).to.deep.equal({ ...record, scope: SCOPE });
      }
      expect(await write(read)).to.equal(0);
      expect(await remove(read.map(keyOf))).to.equal(HOSTILE_NAMES.length);
    });

    it('writes the other rows of a read with a name that text cannot hold', async () => {
      expect(await write([row('A'), row('nul\0'), row('B')])).to.equal(3);
      expect(await list()).to.deep.include.members([
        { ...row('A'), scope: SCOPE },
        { ...row('nul\uFFFD'), scope: SCOPE },
        { ...row('B'), scope: SCOPE },
      ]);
    });
  });
}

/** Which transaction wrote or locked each row last, and how much WAL the server has written. */
async function rowVersionsAndWal(test: TestDatabase, table: string) {
  const { rows: versions } = await test.database.query<{ version: string }>(
    `SELECT concat_ws(' ', ctid, xmin, xmax) AS version FROM ${qualifiedName(test.schema, table)}`,
  );
  const { rows } = await test.database.query<{ wal: number }>(
    `SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS wal`,
  );
  return { versions: new Set(versions.map(({ version }) => version)), wal: rows[0]?.wal ?? 0 };
}
