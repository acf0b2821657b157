import { resolve } from 'node:path';
import { parseDatabaseUrl } from './database-url.js';
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

/** The server that the URL or `DB_*` name, or the embedded one when nothing is named. */
export function compileDatabase(context: Context): DatabaseSettings | undefined {
  const { values } = context;
  const schema = values.read('dbSchema');
  const tls = values.read('dbSsl');
  if (schema === undefined || tls === undefined) return undefined;
  const connectionSettings = CONNECTION_OPTIONS.filter((name) => values.isSet(name));
  const url = values.read('databaseUrl');
  if (url !== undefined) {
    if (connectionSettings.length > 0) {
      context.warnings.push(
        `${values.nameOf('databaseUrl')} wins; ignored: ${connectionSettings.map((name) => values.nameOf(name)).join(', ')}`,
      );
    }
    const server = serverOfUrl(url, tls, context);
    return server && { kind: 'server', schema, ...server };
  }
  if (connectionSettings.length > 0) {
    const server = serverOfVariables(values);
    return server && { kind: 'server', schema, tls, ...server };
  }
  if (values.isSet('dbSsl')) {
    context.warnings.push(
      `${values.nameOf('dbSsl')} has no effect on the embedded database; name your server by DATABASE_URL or DB_HOST`,
    );
  }
  const dataDir = values.read('dataDir');
  return dataDir === undefined
    ? undefined
    : { kind: 'embedded', schema, dataDir: resolve(context.workingDirectory, dataDir) };
}

type ServerAddress = Omit<ServerDatabaseSettings, 'kind' | 'schema' | 'tls'>;

function serverOfUrl(
  raw: string,
  tlsSetting: ServerDatabaseSettings['tls'],
  { values, problems, warnings }: Context,
): (ServerAddress & Pick<ServerDatabaseSettings, 'tls'>) | undefined {
  const setting = values.nameOf('databaseUrl');
  const parsed = parseDatabaseUrl(raw);
  for (const problem of parsed.problems ?? []) problems.addMessage(setting, problem);
  if (parsed.value === undefined) return undefined;
  const { ignoredParameters, tls, ...address } = parsed.value;
  if (ignoredParameters.length > 0) {
    warnings.push(`${setting}: the parameters ${ignoredParameters.join(', ')} are not known and are ignored`);
  }
  return { ...address, tls: tls ?? tlsSetting };
}

function serverOfVariables(values: SettingValues): ServerAddress | undefined {
  const host = values.read('dbHost');
  const port = values.read('dbPort');
  const user = values.read('dbUser');
  const password = values.read('dbPass');
  const database = values.read('dbName');
  if (host === undefined || port === undefined || user === undefined) return undefined;
  return password === undefined || database === undefined
    ? undefined
    : { host, port, user, password, database };
}
