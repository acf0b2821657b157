import type { CredentialSource } from '../credentials/credentials.js';
import type { Redactor } from '../logging/redactor.js';
import type { HostApi } from './worker-api.js';

/** The host's credentials as the worker sees them: asked for over the bridge each time, kept nowhere. */
export function hostCredentials(host: HostApi, redactor: Redactor): CredentialSource {
  return {
    accounts: (exchange) => host.listAccounts(exchange),
    async resolve(account) {
      const found = await host.resolveCredentials(account);
      // Each thread redacts its own log lines and has to know the secrets itself.
      for (const secret of Object.values(found?.credentials ?? {})) redactor.add(secret);
      return found;
    },
  };
}
