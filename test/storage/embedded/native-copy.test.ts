import { chmod, cp, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { providePrivateCopy } from '#src/storage/embedded/native-copy.js';
import { rejection } from './running-server.js';
import { silentLogger } from './silent-logger.js';
import { removeDirectory, temporaryDirectory } from './temporary-directory.js';

describe('private copy of the native folder', () => {
  let root: string;
  const provide = (...homes: string[]) =>
    providePrivateCopy({
      source: join(root, 'source'),
      version: '18.0',
      homes,
      heal: async () => true,
      logger: silentLogger,
    });

  beforeEach(async () => {
    root = await temporaryDirectory();
    await mkdir(join(root, 'source', 'bin'), { recursive: true });
    await writeFile(join(root, 'source', 'bin', 'postgres'), '#!program', { mode: 0o700 });
    await writeFile(join(root, 'source', 'share'), 'data', { mode: 0o600 });
  });

  afterEach(() => removeDirectory(root));

  it('is readable for others, made once, and replaced as a whole when it is damaged', async () => {
    const copy = await provide(join(root, 'home'));
    expect((await stat(join(copy, 'bin', 'postgres'))).mode & 0o777).to.equal(0o755);
    expect((await stat(join(copy, 'share'))).mode & 0o777).to.equal(0o644);
    const { ino } = await stat(copy);
    await provide(join(root, 'home'));
    expect((await stat(copy)).ino).to.equal(ino);

    await truncate(join(copy, 'bin', 'postgres'), 3);
    await provide(join(root, 'home'));
    expect(await readFile(join(copy, 'bin', 'postgres'), 'utf8')).to.equal('#!program');
    expect(await readdir(join(root, 'home'))).to.have.lengthOf(1);
  });

  it('is whole when several processes make it at once', async () => {
    const copies = await Promise.all(Array.from({ length: 5 }, () => provide(join(root, 'home'))));
    expect(new Set(copies)).to.have.property('size', 1);
    expect(await readdir(join(root, 'home'))).to.have.lengthOf(1);
    expect(await readFile(join(copies[0]!, 'bin', 'postgres'), 'utf8')).to.equal('#!program');
  });

  it('never runs programs from a directory that others can write to', async () => {
    const open = join(root, 'open');
    await mkdir(open);
    await chmod(open, 0o777);
    await cp(
      join(root, 'source'),
      join(open, `postgres-18.0-${process.platform}-${process.arch}`, 'native'),
      {
        recursive: true,
      },
    );
    expect(await provide(open, join(root, 'own'))).to.match(/\/own\//);
    expect(await rejection(provide(open))).to.include({ code: 'EMBEDDED_DATABASE_FAILED' });
  });
});
