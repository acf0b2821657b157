import { Session } from 'node:inspector';

/** The URL or path of each script that V8 compiles in this thread, however it was loaded. */
export function watchLoadedScripts(): ReadonlySet<string> {
  const scripts = new Set<string>();
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => scripts.add(params.url));
  session.post('Debugger.enable');
  return scripts;
}

/** The names of the packages that these scripts belong to. */
export function packagesOf(scripts: ReadonlySet<string>): string[] {
  const names = [...scripts].flatMap((url) => {
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
    return name === undefined ? [] : [name];
  });
  return [...new Set(names)].sort();
}
