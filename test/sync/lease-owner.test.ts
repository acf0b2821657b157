import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { isGone, leaseOwner } from '#src/sync/lease-owner.js';

const MODULE = fileURLToPath(import.meta.resolve('#src/sync/lease-owner.js'));

/** A process that prints its signature and waits. */
async function signingProcess(): Promise<{ owner: string; child: ChildProcess }> {
  const script = `import(${JSON.stringify(MODULE)}).then(async ({ leaseOwner }) => {
    process.stdout.write(await leaseOwner()); setInterval(() => undefined, 1000); })`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('the child has no stdout');
  const [chunk] = await once(child.stdout, 'data');
  return { owner: String(chunk), child };
}

describe('the owner of a lease', () => {
  it('names process and machine, and is unlike any other', async () => {
    const owner = await leaseOwner();
    expect(owner).to.include(`process ${process.pid} on `);
    expect(await leaseOwner()).to.not.equal(owner);
  });

  it('is not gone while it lives, and gone once it was killed', async function () {
    if (process.platform !== 'linux') this.skip();
    const { owner, child } = await signingProcess();
    expect(await isGone(owner)).to.equal(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await isGone(owner)).to.equal(true);
  });

  it('is gone when its number belongs to another process by now', async function () {
    if (process.platform !== 'linux') this.skip();
    const [, before = '', start = '', after = ''] = /^(.*\(\w+\.)(\w+)(\..*)$/.exec(await leaseOwner()) ?? [];
    expect(await isGone(`${before}${start}${after}`)).to.equal(false);
    expect(await isGone(`${before}1${start}${after}`)).to.equal(true);
  });

  it('is not called gone on another machine, or by an unknown signature', async () => {
    const dead = 'process 999999999 on elsewhere';
    expect(await isGone(`${dead} (00000000.1.ff)`)).to.equal(false);
    expect(await isGone(dead)).to.equal(false);
    expect(await isGone('')).to.equal(false);
  });
});
