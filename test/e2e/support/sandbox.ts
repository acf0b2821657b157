import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Simulator, type SimulatorOptions, startSimulator } from '#src/simulator/simulator.js';
import { openedOn } from '../../support/opened-on.js';
import { testServer } from '../../support/postgres.js';
import { CLI, type Ended, Program } from './program.js';
import { Stored } from './stored.js';

type Variables = Readonly<Record<string, string | undefined>>;

export interface RunOptions {
  /** Over the sandbox's own; `undefined` takes one out. */
  readonly env?: Variables;
  readonly cwd?: string;
  readonly conversing?: boolean;
}

/** A home of its own for programs under test: directories, simulated exchanges, and a schema. */
export interface Sandbox {
  readonly simulator: Simulator;
  readonly stored: Stored;
  /** HOME, and where programs run. */
  readonly home: string;
  /** What points a program at the exchanges, the accounts and the database. */
  readonly env: Variables;
  /** Starts the command line. */
  start(args: readonly string[], options?: RunOptions): Program;
  /** Runs the command line to its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Starts any program in the sandbox. */
  spawn(command: string, args: readonly string[], options?: RunOptions): Program;
  /** An empty directory below `home`. */
  directory(name: string): Promise<string>;
  /** Whatever must never be seen outside the environment. */
  readonly secrets: readonly string[];
}

export interface SandboxOptions extends SimulatorOptions {
  /** Those that the programs are to know; all that are simulated by default. */
  readonly exchanges?: readonly string[];
}

/**
 * Call it inside of `describe`: everything is made once for its tests. Afterwards, no program may be left,
 * and nothing that any of them printed, logged or stored may hold a secret.
 */
export function useSandbox(options: SandboxOptions = {}): Sandbox {
  let made: Made | undefined;
  const current = (): Made => {
    if (made === undefined) throw new Error('the sandbox exists only while tests run');
    return made;
  };

  before('make a sandbox', async () => {
    made = await Made.make(options);
  });
  after('find no secret outside, and clear the sandbox away', async function () {
    this.timeout(30_000);
    const ended = made;
    made = undefined;
    await ended?.end();
  });

  return {
    get simulator() {
      return current().simulator;
    },
    get stored() {
      return current().stored;
    },
    get home() {
      return current().home;
    },
    get env() {
      return current().env;
    },
    get secrets() {
      return current().secrets;
    },
    start: (args, run) => current().spawn(process.execPath, [CLI, ...args], run),
    run: async (args, run) => await current().spawn(process.execPath, [CLI, ...args], run).ended,
    spawn: (command, args, run) => current().spawn(command, args, run),
    directory: async (name) => {
      const path = join(current().home, name);
      await mkdir(path);
      return path;
    },
  };
}

class Made {
  readonly simulator: Simulator;
  readonly stored: Stored;
  readonly home: string;
  readonly env: Variables;
  readonly secrets: readonly string[];
  readonly #programs: Program[] = [];

  private constructor(parts: Pick<Made, 'simulator' | 'stored' | 'home' | 'env' | 'secrets'>) {
    this.simulator = parts.simulator;
    this.stored = parts.stored;
    this.home = parts.home;
    this.env = parts.env;
    this.secrets = parts.secrets;
  }

  static async make({ exchanges, ...options }: SandboxOptions): Promise<Made> {
    const home = await mkdtemp(join(tmpdir(), 'exchange-sync-e2e-'));
    const server = await testServer();
    const simulator = await startSimulator(options);
    const stored = await Stored.open(server, `e2e_${randomBytes(6).toString('hex')}`);
    const known = exchanges ?? [...new Set(simulator.accounts.map(({ exchange }) => exchange))];
    const { host, port, user, password, database } = server;
    const databaseUrl = `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
    return new Made({
      home,
      simulator,
      stored,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        DATABASE_URL: databaseUrl,
        DB_SCHEMA: stored.schema,
        EXCHANGE_SYNC_EXCHANGES: known.join(','),
        ...Object.fromEntries(known.map((id) => [`${id.toUpperCase()}_PROXY_URL`, simulator.proxyUrl(id)])),
        ...keysOf(simulator, known),
        ...openedOn(simulator, known),
      },
      secrets: [password, ...simulator.accounts.flatMap(({ credentials }) => Object.values(credentials))],
    });
  }

  spawn(
    command: string,
    args: readonly string[],
    { env = {}, cwd = this.home, ...more }: RunOptions = {},
  ): Program {
    const program = new Program(command, args, { cwd, env: { ...this.env, ...env }, ...more });
    this.#programs.push(program);
    return program;
  }

  async end(): Promise<void> {
    const left = this.#programs.filter((program) => !program.hasEnded);
    for (const program of left) program.kill('SIGKILL');
    await Promise.all(this.#programs.map(({ ended }) => ended));
    try {
      expect(
        left.map(({ stdout, stderr }) => stdout + stderr),
        'programs that did not end',
      ).to.deep.equal([]);
      await this.#expectNoSecret();
      await this.stored.drop();
    } finally {
      await this.stored.close();
      await this.simulator.stop();
    }
    await rm(this.home, { recursive: true, force: true });
  }

  async #expectNoSecret(): Promise<void> {
    const stored = Object.values(await this.stored.everything()).flat();
    const printed = this.#programs.flatMap(({ stdout, stderr }) => [stdout, stderr]);
    const seen = [...stored, ...printed, ...(await logsBelow(this.home))].join('\n');
    for (const secret of this.secrets) {
      const at = seen.indexOf(secret);
      expect(at === -1 ? '' : seen.slice(Math.max(0, at - 200), at), 'what leads to a secret').to.equal('');
    }
  }
}

function keysOf(simulator: Simulator, exchanges: readonly string[]): Variables {
  const known = simulator.accounts.filter(({ exchange }) => exchanges.includes(exchange));
  return Object.fromEntries(
    known.flatMap(({ exchange, account, credentials }) => {
      const prefix = (account === 'main' ? exchange : `${exchange}_${account}`).toUpperCase();
      return [
        [`${prefix}_API_KEY`, credentials.apiKey],
        [`${prefix}_API_SECRET`, credentials.secret],
        [`${prefix}_API_PASSWORD`, credentials.password],
      ];
    }),
  );
}

async function logsBelow(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory, { recursive: true });
  const logs = names.filter((name) => /exchange_sync_.*\.log/.test(name));
  return await Promise.all(logs.map((name) => readFile(join(directory, name), 'utf8')));
}
