import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { temporaryDirectory } from '#src/cli/demo/temporary-directory.js';

const IS_ROOT = process.getuid?.() === 0;

describe("the demo's directory", () => {
  let base: string;
  let closed: string;
  let open: string;

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'exchange-sync-open-'));
    await chmod(base, 0o755);
    closed = join(base, 'closed', 'within');
    open = join(base, 'open');
    for (const path of [closed, open]) await mkdir(path, { recursive: true });
    await chmod(dirname(closed), 0o700);
  });
  afterEach(() => rm(base, { recursive: true }));

  it('can be entered by everybody, also when root has a closed one for temporary files', async () => {
    const directory = await temporaryDirectory('demo-', [closed, open]);
    expect(dirname(directory)).to.equal(IS_ROOT ? open : closed);
    expect((await stat(directory)).mode & 0o777).to.equal(0o755);
  });

  it('is where temporary files belong when that is as good as any', async () => {
    expect(dirname(await temporaryDirectory('demo-', [open, base]))).to.equal(open);
    expect(dirname(await temporaryDirectory('demo-', [closed]))).to.equal(closed);
  });
});
