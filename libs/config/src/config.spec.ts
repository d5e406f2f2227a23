/** The environment is read once, checked whole, and every mistake is told in a line that says what to do. */
import { readFileSync } from 'node:fs';
import { type Config, ConfigError, loadConfig } from './config.js';
import { projectFile } from './project-file.js';
import { VARIABLES } from './variables.js';

const COMPLETE = {
  DATABASE_URL: 'postgres://u:p@db:5432/dateline',
  REDIS_URL: 'redis://redis:6379/0',
  ADMIN_TOKEN: 'f3a971c04be82d5596e0aa17c3d4b82f',
  SECRET_KEY: 'ab'.repeat(32),
};

function linesOf(env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('fills in the documented defaults', () => {
    const config: Config = loadConfig(COMPLETE);
    expect(config).toMatchObject({
      host: '127.0.0.1',
      publisherPort: 8080,
      consolePort: 8081,
      ingestorPort: 8082,
      processorPort: 8083,
      publicUrl: 'http://localhost:8080',
      outboundAllow: [],
      demo: 'auto',
      newsWindowSeconds: 86_400,
      websubLeaseMinSeconds: 3_600,
      websubLeaseMaxSeconds: 1_296_000,
      websubSubscriptionsPerHost: 1_000,
    });
    expect(config.secretKey).toHaveLength(32);
  });

  it('derives PUBLIC_URL from the port and drops its final slash', () => {
    expect(loadConfig({ ...COMPLETE, PUBLISHER_PORT: '9000' }).publicUrl).toBe('http://localhost:9000');
    expect(loadConfig({ ...COMPLETE, PUBLIC_URL: 'https://news.example/' }).publicUrl).toBe('https://news.example');
  });

  it('lets hubs call back on this machine only, until it is told where the ingestor can be reached from outside', () => {
    const callbackOf = (env: NodeJS.ProcessEnv) => loadConfig({ ...COMPLETE, ...env }).callbackUrl;
    expect(callbackOf({})).toBe('http://localhost:8082');
    expect(callbackOf({ INGESTOR_PORT: '9002', PUBLIC_URL: 'http://127.0.0.1:8080' })).toBe('http://localhost:9002');
    expect(callbackOf({ PUBLIC_URL: 'https://news.example' })).toBe('');
    expect(callbackOf({ CALLBACK_URL: 'https://push.news.example/' })).toBe('https://push.news.example');
  });

  it.each([
    [{ PUBLISHER_PORT: '80800' }, 'PUBLISHER_PORT=80800 must be a port number'],
    [{ PUBLISHER_PORT: 'http' }, 'PUBLISHER_PORT=http must be a port number'],
    [{ PUBLIC_URL: 'news.example' }, 'PUBLIC_URL=news.example must be a URL like https://news.example'],
    [{ OUTBOUND_ALLOW: '10.0.0.1' }, 'OUTBOUND_ALLOW=10.0.0.1 must be a comma list of CIDR'],
    [{ TRUSTED_PROXIES: 'proxy.example' }, 'TRUSTED_PROXIES=proxy.example must be a comma list of addresses or CIDR'],
    [{ TRUSTED_PROXIES: '10.0.0.1,10.0.0.0/33' }, 'TRUSTED_PROXIES=10.0.0.1,10.0.0.0/33 must be'],
    [{ TRUSTED_PROXIES: '0.0.0.0/0' }, 'TRUSTED_PROXIES=0.0.0.0/0 must be'],
    [{ TRUSTED_PROXIES: '10.0.0.0/8/8' }, 'TRUSTED_PROXIES=10.0.0.0/8/8 must be'],
    [{ DEMO: 'yes' }, 'DEMO=yes must be auto, on or off'],
    [{ ADMIN_TOKEN: 'short' }, 'ADMIN_TOKEN=(hidden) must have at least 16 characters'],
    [{ ADMIN_TOKEN: 'dlp_f3a971c04be82d5596e0aa17' }, 'ADMIN_TOKEN=(hidden) must not begin with dlp_'],
    [{ SECRET_KEY: 'xyz' }, 'SECRET_KEY=(hidden) must be 64 hexadecimal digits'],
    [{ DATABASE_URL: 'mysql://u:secret@h/d' }, 'DATABASE_URL=mysql://***@h/d must be a URL like postgres://'],
    [{ SITE_LANGUAGE: 'nl' }, 'SITE_LANGUAGE=nl must be en, de, fr, es or ar'],
    [{ SITE_COLOR: 'red' }, 'SITE_COLOR=red must be a colour like #9a2617'],
    [{ SITE_LOGO: '/no/such.svg' }, 'SITE_LOGO=/no/such.svg must be a file that is there'],
    [{ SITE_LOGO: 'package.json' }, 'SITE_LOGO=package.json must be an SVG, PNG, WebP or JPEG file'],
    [{ SITE_THEME: 'package.json' }, 'SITE_THEME=package.json must be a folder that is there'],
    [{ PUBLISHER_PROT: '8080' }, 'PUBLISHER_PROT is not a variable of Dateline; did you mean PUBLISHER_PORT?'],
    [{ DATABSE_URL: 'x' }, 'DATABSE_URL is not a variable of Dateline; did you mean DATABASE_URL?'],
    [{ REDIS_URL: undefined }, 'REDIS_URL is not set: npm start supplies it'],
  ])('refuses %j with one clear line', (change, start) => {
    const lines = linesOf({ ...COMPLETE, ...change });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(start);
  });

  it('tells every mistake at once', () => {
    expect(linesOf({ ...COMPLETE, DEMO: 'perhaps', CONSOLE_PORT: '0' })).toHaveLength(2);
  });

  it('leaves the rest of the environment alone', () => {
    expect(
      linesOf({ ...COMPLETE, PATH: '/bin', HOSTNAME: 'box', EDITOR: 'vi', PORT: '1', LOGNAME: 'x', HOME: '/x' }),
    ).toEqual([]);
  });

  it('lets the launcher check everything before the stores are there', () => {
    expect(loadConfig({}, { requireStores: false }).databaseUrl).toBe('');
  });

  it('documents every variable', () => {
    for (const variable of VARIABLES) expect(variable.description).toMatch(/\.$/);
    expect(new Set(VARIABLES.map(({ name }) => name)).size).toBe(VARIABLES.length);
    // Tables in Markdown are padded by the formatter.
    const readme = readFileSync(projectFile('README.md'), 'utf8').replaceAll(/ +\|/g, ' |');
    for (const { name, default: fallback, description } of VARIABLES) {
      const shown = fallback === undefined ? '' : fallback === '' ? 'empty ' : `\`${fallback}\` `;
      expect(readme).toContain(`| \`${name}\` | ${shown}| ${description} |`);
    }
  });
});
