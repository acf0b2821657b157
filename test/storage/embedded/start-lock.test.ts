import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { withStartLock } from '#src/storage/embedded/start-lock.js';
import { rejection } from './running-server.js';
import { removeDirectory, temporaryDirectory } from './temporary-directory.js';

describe('start lock', () => {
  let root: string;
  let path: string;

  beforeEach(async () => {
    root = await temporaryDirectory();
    path = join(root, 'start.lock');
  });

  afterEach(async () => {
    expect(await readdir(root)).to.deep.equal([]);
    await removeDirectory(root);
  });

  it('lets one in at a time', async () => {
    let inside = 0;
    const works = Array.from({ length: 8 }, () =>
      withStartLock(path, async () => {
        inside += 1;
        expect(inside).to.equal(1);
        await readdir(root);
        inside -= 1;
      }),
    );
    await Promise.all(works);
  });

  it('is free again after work that failed', async () => {
    const failing = withStartLock(path, () => Promise.reject(new Error('broken')));
    expect(await rejection(failing)).to.include({ message: 'broken' });
    expect(await withStartLock(path, async () => 'done')).to.equal('done');
  });

  it('is taken from a process that died, also when its id belongs to another by now', async () => {
    for (const stale of [
      { pid: 99_999_999, startTime: '1' },
      { pid: process.pid, startTime: 'of an earlier process' },
    ]) {
      await writeFile(path, JSON.stringify({ ...stale, nonce: '' }));
      expect(await withStartLock(path, async () => 'done')).to.equal('done');
    }
  });
});
