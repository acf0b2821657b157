import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/* Imported before a program: a power cut between the new file and its name. */
const rename = fs.rename;
fs.rename = async (from, to) => {
  if (String(to).endsWith('vault.json')) process.kill(process.pid, 'SIGKILL');
  return rename(from, to);
};
syncBuiltinESMExports();
