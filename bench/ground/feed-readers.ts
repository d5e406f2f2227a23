/** Feed readers that people have installed, run on the bench's feeds beside the hub, each in a throw-away home of its own. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** As many at once as either of them makes use of. */
const AT_ONCE = 16;
const PATIENCE_MS = 300_000;

/** A reader that has its feeds and waits to be told to ask for them. */
export interface FeedReader {
  name: string;
  /** Asks for every feed once; returns the seconds it took. */
  pass: () => Promise<number>;
  remove: () => Promise<void>;
}

/** The readers that are on PATH, and the names of those that are not. */
export async function feedReaders(urls: string[]): Promise<{ readers: FeedReader[]; missing: string[] }> {
  const all = [
    { name: 'newsboat', prepare: newsboat },
    { name: 'sfeed_update', prepare: sfeedUpdate },
  ];
  const readers: FeedReader[] = [];
  const missing: string[] = [];
  for (const { name, prepare } of all) {
    if (await isInstalled(name)) readers.push(await atHome(name, urls, prepare));
    else missing.push(name);
  }
  return { readers, missing };
}

async function isInstalled(name: string): Promise<boolean> {
  return run('sh', ['-c', `command -v ${name}`]).then(
    () => true,
    () => false,
  );
}

type Prepare = (home: string, urls: string[]) => Promise<string[]>;

async function atHome(name: string, urls: string[], prepare: Prepare): Promise<FeedReader> {
  const home = await mkdtemp(join(tmpdir(), `dateline-${name}-`));
  const args = await prepare(home, urls);
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8', TERM: 'dumb' };
  return {
    name,
    pass: async () => {
      const started = performance.now();
      await run(name, args, { env, cwd: home, timeout: PATIENCE_MS, maxBuffer: 64 * 2 ** 20 });
      return (performance.now() - started) / 1000;
    },
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

async function newsboat(home: string, urls: string[]): Promise<string[]> {
  await writeFile(join(home, 'urls'), `${urls.join('\n')}\n`);
  await writeFile(join(home, 'config'), `reload-threads ${AT_ONCE}\nsuppress-first-reload yes\n`);
  return ['-x', 'reload', '-u', join(home, 'urls'), '-c', join(home, 'cache.db'), '-C', join(home, 'config')];
}

async function sfeedUpdate(home: string, urls: string[]): Promise<string[]> {
  await mkdir(join(home, 'feeds'));
  const feeds = urls.map((url, number) => `  feed 'feed-${number}' '${url}'`).join('\n');
  await writeFile(
    join(home, 'sfeedrc'),
    `sfeedpath='${join(home, 'feeds')}'\nmaxjobs=${AT_ONCE}\nfeeds() {\n${feeds}\n}\n`,
  );
  return [join(home, 'sfeedrc')];
}
