import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { ServerLog } from '#src/storage/embedded/server-log.js';
import { hostUser } from '#src/storage/embedded/server-user.js';
import { removeDirectory, temporaryDirectory } from './temporary-directory.js';

const TOO_MUCH = 'x'.repeat(5 * 1024 * 1024 + 1);

describe('log file of the server', () => {
  let root: string;
  let log: ServerLog;

  beforeEach(async () => {
    root = await temporaryDirectory();
    log = new ServerLog(join(root, 'postgres.log'));
  });

  afterEach(() => removeDirectory(root));

  it('is trimmed under the running server, which goes on writing at its beginning', async () => {
    const inherited = await log.open(hostUser());
    await inherited.write(TOO_MUCH);
    await log.trim();
    await inherited.write('after');
    await inherited.close();
    expect(await readFile(log.path, 'utf8')).to.equal('after');
    expect((await stat(`${log.path}.1`)).size).to.equal(TOO_MUCH.length);
  });

  it('starts anew when the last run left too much, and otherwise goes on', async () => {
    await writeFile(log.path, TOO_MUCH);
    const first = await log.open(hostUser());
    await first.write('first ');
    await first.close();
    const { size } = await stat(log.path);
    const second = await log.open(hostUser());
    await second.write('second');
    await second.close();
    expect(await readFile(log.path, 'utf8')).to.equal('first second');
    expect(await log.since(size)).to.equal('second');
  });

  it('is for its owner alone', async () => {
    await (await log.open(hostUser())).close();
    expect((await stat(log.path)).mode & 0o777).to.equal(0o600);
  });
});
