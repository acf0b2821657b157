import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** One step of the schema's history. */
export interface Migration {
  /** 1, 2, 3 ...: the number that the file's name begins with. */
  readonly version: number;
  /** `0001-mirror.sql`. */
  readonly file: string;
  readonly sql: string;
  /** SHA-256 of `sql`, hex. */
  readonly checksum: string;
}

const FILE_NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;
const SHIPPED = new URL('./migrations/', import.meta.url);

/** Reads the migrations that ship with the program, in order. Rejects if their numbers have a hole. */
export async function readMigrations(directory: URL = SHIPPED): Promise<readonly Migration[]> {
  const files = (await readdir(directory)).filter((file) => FILE_NAME.test(file)).sort();
  const migrations = await Promise.all(files.map((file) => readMigration(directory, file)));
  for (const [index, { version, file }] of migrations.entries()) {
    if (version !== index + 1) throw new Error(`migration ${file} should have number ${index + 1}`);
  }
  return migrations;
}

async function readMigration(directory: URL, file: string): Promise<Migration> {
  const text = await readFile(new URL(file, directory), 'utf8');
  // A checkout on Windows may have turned the line ends.
  const sql = text.replaceAll('\r\n', '\n');
  return {
    version: Number(FILE_NAME.exec(file)?.[1]),
    file,
    sql,
    checksum: createHash('sha256').update(sql).digest('hex'),
  };
}
