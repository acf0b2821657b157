import { join } from 'node:path';
import { expect } from 'chai';
import { Lifeline } from '#src/storage/embedded/lifeline.js';
import { hostUser } from '#src/storage/embedded/server-user.js';
import { removeDirectory, temporaryDirectory } from './temporary-directory.js';

describe('lifeline', () => {
  let root: string;
  let path: string;

  const create = async () => {
    const created = await Lifeline.create(path, hostUser());
    await created.lifeline.publish(path);
    return created;
  };

  beforeEach(async () => {
    root = await temporaryDirectory();
    path = join(root, 'lifeline');
  });

  afterEach(() => removeDirectory(root));

  it('cannot be joined where nobody watches', async () => {
    expect(await Lifeline.join(path)).to.equal(undefined);
    const { lifeline, readEnd } = await create();
    await readEnd.close();
    expect(await Lifeline.join(path)).to.equal(undefined);
    await lifeline.release();
  });

  it('tells who lets go as the last one, in any order and however often asked', async () => {
    const { lifeline: first, readEnd } = await create();
    const second = await Lifeline.join(path);
    const third = await Lifeline.join(path);
    expect(await first.release()).to.equal(false);
    expect(await third?.release()).to.equal(false);
    expect(await first.release()).to.equal(false);
    expect(await second?.release()).to.equal(true);
    await readEnd.close();
  });

  it('does not count those who hold on to an earlier server', async () => {
    const earlier = await create();
    const { lifeline, readEnd } = await create();
    expect(await lifeline.release()).to.equal(true);
    await Promise.all([earlier.readEnd.close(), earlier.lifeline.release(), readEnd.close()]);
  });
});
