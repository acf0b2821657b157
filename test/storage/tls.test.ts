import { expect } from 'chai';
import { expectError } from '../support/expect-error.js';
import { useTestDatabase } from '../support/postgres.js';
import { EMBEDDED_PACKAGE, startTestServer, type TestServer } from '../support/postgres-server.js';
import { TEST_CERTIFICATE } from '../support/test-certificate.js';

describe('TLS to PostgreSQL', () => {
  let server: TestServer | undefined;

  before('start a server with a self-signed certificate', async () => {
    server = await startTestServer(EMBEDDED_PACKAGE, { certificate: TEST_CERTIFICATE });
  });

  after(() => server?.stop());

  const test = useTestDatabase({
    migrated: false,
    server: async () => {
      if (!server) throw new Error('the server is not running');
      return server.settings;
    },
  });

  const encrypted = async (tls: 'disable' | 'require' | 'verify-full') => {
    const { rows } = await test
      .connect({ settings: { ...test.settings, tls } })
      .query<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    return rows[0]?.ssl;
  };

  it('encrypts when it is required, whoever signed the certificate', async () => {
    expect(await encrypted('require')).to.equal(true);
    expect(await encrypted('disable')).to.equal(false);
  });

  it('refuses a certificate that nobody vouches for when it is to be verified', async () => {
    const error = await expectError(encrypted('verify-full'), 'DATABASE_UNAVAILABLE');
    expect(error.message).to.contain('DB_SSL');
    expect(error.details.retryable).to.equal(false);
  });
});
