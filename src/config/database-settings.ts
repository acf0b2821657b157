import { resolve } from 'node:path';
import { parseDatabaseUrl } from './database-url.js';
import { definedOnly } from './defined-only.js';
import type { OptionName } from './setting-definitions.js';
import type { ProblemList, SettingValues } from './setting-values.js';
import type { DatabaseSettings, ServerDatabaseSettings } from './settings.js';

const CONNECTION_OPTIONS = ['dbHost', 'dbPort', 'dbUser', 'dbPass', 'dbName'] as const satisfies OptionName[];

interface Context {
  readonly values: SettingValues;
  readonly problems: ProblemList;
  readonly warnings: string[];
  readonly workingDirectory: string;
}

/**
 * The server that the URL or `DB_*` name, or the embedded one when nothing is named. Undefined members
 * have been reported.
 */
export function compileDatabase(context: Context): Partial<DatabaseSettings> {
  const { values, warnings } = context;
  const schema = values.read('dbSchema');
  const tls = values.read('dbSsl');
  const connectionSettings = CONNECTION_OPTIONS.filter((name) => values.isSet(name));
  const url = values.read('databaseUrl');
  if (values.isSet('dataDir') && (url !== undefined || connectionSettings.length > 0)) {
    warnings.push(`${values.nameOf('dataDir')} has no effect: a database server is named`);
  }
  if (url !== undefined) {
    if (connectionSettings.length > 0) {
      const ignored = connectionSettings.map((name) => values.nameOf(name)).join(', ');
      warnings.push(`${values.nameOf('databaseUrl')} wins; ignored: ${ignored}`);
    }
    return definedOnly({ kind: 'server', schema, tls, ...serverOfUrl(url, context) });
  }
  if (connectionSettings.length > 0) {
    return definedOnly({
      kind: 'server',
      host: values.read('dbHost'),
      port: values.read('dbPort'),
      user: values.read('dbUser'),
      password: values.read('dbPass'),
      database: values.read('dbName'),
      tls,
      schema,
    });
  }
  if (values.isSet('dbSsl')) {
    warnings.push(
      `${values.nameOf('dbSsl')} has no effect on the embedded database; name your server by DATABASE_URL or DB_HOST`,
    );
  }
  const dataDir = resolve(context.workingDirectory, values.read('dataDir') ?? '');
  return definedOnly({ kind: 'embedded', schema, dataDir });
}

function serverOfUrl(raw: string, { values, problems, warnings }: Context): Partial<ServerDatabaseSettings> {
  const setting = values.nameOf('databaseUrl');
  const parsed = parseDatabaseUrl(raw);
  for (const problem of parsed.problems ?? []) problems.addMessage(setting, problem);
  const { ignoredParameters = [], ...server } = parsed.value ?? {};
  if (ignoredParameters.length > 0) {
    warnings.push(`${setting}: the parameters ${ignoredParameters.join(', ')} are not known and are ignored`);
  }
  return server;
}
