import { compileSettings } from '../config/compile-settings.js';
import { readEnvironment } from '../config/environment.js';
import { createCredentialChain } from '../credentials/credential-chain.js';
import { vaultOfSettings } from '../credentials/vault/vault-of-settings.js';
import type { StartOptions } from '../start-options.js';
import { WorkerHost, type WorkerHostOptions } from './worker-host.js';

export interface CreateWorkerHostOptions extends Pick<WorkerHostOptions, 'mode' | 'emit' | 'parts'> {
  readonly options: StartOptions;
}

/** From what a host passed and the environment says; starts nothing. Throws CONFIG_INVALID. */
export function createWorkerHost({ options, ...rest }: CreateWorkerHostOptions): WorkerHost {
  const environment = () => readEnvironment({ env: options.env });
  const { settings, warnings } = compileSettings(options, environment());
  return new WorkerHost({
    ...rest,
    settings,
    warnings,
    hostLogger: options.logger,
    credentials: (logger) =>
      createCredentialChain({
        hostProvider: options.credentials,
        vault: vaultOfSettings(settings.vault, { passphrase: options.vaultPassphrase }),
        environment,
        logger,
      }),
  });
}
