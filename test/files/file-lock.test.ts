import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { withFileLock } from '#src/files/file-lock.js';
import { rejection } from '../storage/embedded/running-server.js';
import { removeDirectory, temporaryDirectory } from '../storage/embedded/temporary-directory.js';

const OPTIONS = { patienceMs: 10_000, busy: (holder: string) => new Error(`held by ${holder}`) };

describe('a lock file', () => {
  let root: string;
  let path: string;

  beforeEach(async () => {
    root = await temporaryDirectory();
    path = join(root, 'the.lock');
  });

  afterEach(async () => {
    expect(await readdir(root)).to.deep.equal([]);
    await removeDirectory(root);
  });

  it('lets one in at a time', async () => {
    let inside = 0;
    const works = Array.from({ length: 8 }, () =>
      withFileLock(path, OPTIONS, async () => {
        inside += 1;
        expect(inside).to.equal(1);
        await readdir(root);
        inside -= 1;
      }),
    );
    await Promise.all(works);
  });

  it('is free again after work that failed', async () => {
    const failing = withFileLock(path, OPTIONS, () => Promise.reject(new Error('broken')));
    expect(await rejection(failing)).to.include({ message: 'broken' });
    expect(await withFileLock(path, OPTIONS, async () => 'done')).to.equal('done');
  });

  it('gives up on a living holder after its patience, and leaves the lock alone', async () => {
    const release = await held();
    try {
      const late = withFileLock(path, { ...OPTIONS, patienceMs: 0 }, async () => 'in');
      expect(await rejection(late))
        .to.have.property('message')
        .that.contains(String(process.pid));
    } finally {
      await release();
    }
  });

  /** Holds the lock until the returned function is called. */
  async function held(): Promise<() => Promise<void>> {
    let release: () => void = () => undefined;
    let holding: Promise<void> | undefined;
    await new Promise<void>((entered) => {
      holding = withFileLock(path, OPTIONS, async () => {
        entered();
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      });
    });
    return async () => {
      release();
      await holding;
    };
  }

  it('is taken from a process that died, also when its id belongs to another by now', async () => {
    for (const stale of [
      { pid: 99_999_999, startTime: '1' },
      { pid: process.pid, startTime: 'of an earlier process' },
    ]) {
      await writeFile(path, JSON.stringify({ ...stale, nonce: '' }));
      expect(await withFileLock(path, OPTIONS, async () => 'done')).to.equal('done');
    }
  });
});
