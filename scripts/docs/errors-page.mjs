import { ERRORS } from '../../dist/domain/errors.js';
import { code, GENERATED, table } from './markdown.mjs';

export function errorsPage() {
  const rows = Object.entries(ERRORS).map(([name, { meaning, remedy }]) => [code(name), meaning, remedy]);
  return `${GENERATED}

# Errors

Every error that leaves the package is an \`ExchangeSyncError\` with one of these codes in \`code\`, a message for people,
plain data in \`details\` and what led to it in \`cause\`. The same codes stand in reports, in \`sync_history.error_code\`
and in the log. Messages may change from one version to the next; codes do not.

\`\`\`ts
try {
  await exchangeDataSynchronizer.triggerSync('bybit', DataType.BALANCES);
} catch (error) {
  if (error instanceof ExchangeSyncError && error.code === 'CREDENTIALS_MISSING') askForKeys(error.details);
  else throw error;
}
\`\`\`

${table(['Code', 'What happened', 'What to do'], rows)}
`;
}
