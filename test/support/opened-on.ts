import { accountVariableName } from '#src/config/account-variables.js';
import type { Simulator } from '#src/simulator/simulator.js';

/** The variables that say when the simulated accounts were opened, as their owner would: what was before is not read. */
export function openedOn(simulator: Simulator, exchanges?: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    simulator.world.accounts
      .filter(({ identity }) => exchanges?.includes(identity.exchange) ?? true)
      .map(({ identity, openedAtMs }) => [
        accountVariableName(identity, 'OPENED_ON'),
        new Date(openedAtMs).toISOString().slice(0, 10),
      ]),
  );
}
