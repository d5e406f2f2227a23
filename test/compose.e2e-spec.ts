/** Dockerfile and docker-compose.yml, held against the code: a variable or an entry that was renamed must not be found by an operator. */
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { loadConfig } from '#config/config.js';
import { projectFile } from '#config/project-file.js';
import { VARIABLES } from '#config/variables.js';

interface ComposeService {
  image?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  ports?: string[];
  volumes?: string[];
}

/** What an operator must supply; compose refuses to start without. */
const SUPPLIED: Record<string, string> = {
  ADMIN_TOKEN: 'c83e5b7f0a914d26be1738f95d60ac42',
  SECRET_KEY: '00'.repeat(32),
  POSTGRES_PASSWORD: 'password-of-postgres',
};
const SERVICES = ['publisher', 'console', 'ingestor', 'processor'] as const;

const compose = parse(readFileSync(projectFile('docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
};
const dockerfile = readFileSync(projectFile('Dockerfile'), 'utf8')
  .split('\n')
  .filter((line) => /^[A-Z]+ /.test(line))
  .map((line) => ({ word: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1) }));

/** As compose does it: `${NAME:-default}` and `${NAME:?message}`. */
function interpolate(text: string): string {
  return text.replace(/\$\{(\w+)(:[-?])([^}]*)\}/g, (_, name: string, operator: string, word: string) => {
    const supplied = SUPPLIED[name];
    if (supplied !== undefined) return supplied;
    if (operator === ':-') return word;
    throw new Error(`${name} is required, but no operator is told to supply it`);
  });
}

function service(name: string): Required<ComposeService> {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found as Required<ComposeService>;
}

function environmentOf(name: string): Record<string, string> {
  const entries = Object.entries(service(name).environment);
  return Object.fromEntries(entries.map(([key, value]) => [key, interpolate(String(value))]));
}

/** The source of a built entry. */
const sourceOf = (entry: string) => projectFile(entry.replace(/^dist\//, '').replace(/\.js$/, '.ts'));

describe('docker-compose.yml', () => {
  it.each(SERVICES)('%s gets documented variables only, with values that the configuration takes', (name) => {
    const environment = environmentOf(name);
    const documented = VARIABLES.map((variable) => variable.name);
    expect(Object.keys(environment).filter((key) => !documented.includes(key))).toEqual([]);
    const config = loadConfig(environment);
    expect(config.host).toBe('0.0.0.0');
    const port = {
      publisher: 'publisherPort',
      console: 'consolePort',
      ingestor: 'ingestorPort',
      processor: 'processorPort',
    } as const;
    const health = service(name).healthcheck.test.join(' ');
    expect(health).toContain(`:${config[port[name]]}/health/ready`);
    for (const published of service(name).ports ?? []) expect(published).toMatch(new RegExp(`:${config[port[name]]}$`));
  });

  it('hands on every variable that an operator may set, with the default that the README has', () => {
    // Said by the containers themselves, or of no use in them.
    const own = [
      ...['HOST', 'PUBLISHER_PORT', 'CONSOLE_PORT', 'INGESTOR_PORT', 'PROCESSOR_PORT', 'DATABASE_URL', 'REDIS_URL'],
      ...['REDIS_PREFIX', 'DATA_DIR', 'DEMO', 'PROCESSES', 'LOG_FORMAT'],
    ];
    const offered = Object.entries(service('publisher').environment)
      .filter(([name, value]) => String(value).startsWith(`\${${name}:`))
      .map(([name, value]) => ({ name, given: interpolate(String(value)) }));
    for (const { name, default: fallback } of VARIABLES.filter((variable) => !own.includes(variable.name)))
      expect([name, offered.find((one) => one.name === name)?.given]).toEqual([
        name,
        SUPPLIED[name] ?? fallback ?? expect.any(String),
      ]);
  });

  it.each(SERVICES)('%s runs an entry that exists, after its stores are healthy', (name) => {
    const { command, depends_on: dependencies } = service(name);
    expect(existsSync(sourceOf(command.at(-1) ?? ''))).toBe(true);
    expect(command.at(-1)).toBe(`dist/apps/${name}/src/main.js`);
    expect(dependencies).toEqual({
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    });
  });

  it('names stores that it has, with checks, volumes and an append-only Redis', () => {
    for (const name of SERVICES) {
      const { DATABASE_URL: database = '', REDIS_URL: redis = '' } = environmentOf(name);
      expect(new URL(database).hostname).toBe('postgres');
      expect(new URL(redis).hostname).toBe('redis');
    }
    const postgres = environmentOf('postgres');
    expect(new URL(environmentOf('publisher')['DATABASE_URL'] ?? '').password).toBe(postgres['POSTGRES_PASSWORD']);
    for (const name of ['postgres', 'redis']) {
      expect(service(name).healthcheck.test.length).toBeGreaterThan(1);
      expect(Object.keys(compose.volumes)).toContain(service(name).volumes[0]?.split(':')[0]);
    }
    expect(Number(/^postgres:(\d+)/.exec(service('postgres').image)?.[1])).toBeGreaterThanOrEqual(16);
    expect(service('redis').command.join(' ')).toContain('--appendonly yes');
  });
});

describe('Dockerfile', () => {
  const lastStage = dockerfile.slice(dockerfile.findLastIndex(({ word }) => word === 'FROM'));

  it('builds in one stage and runs in another, not as root', () => {
    expect(dockerfile.filter(({ word }) => word === 'FROM')).toHaveLength(2);
    expect(lastStage[0]?.rest).toBe('node:20-bookworm-slim');
    const user = lastStage.findLast(({ word }) => word === 'USER')?.rest;
    expect(user).toBe('node');
  });

  it('sets documented variables and starts an entry that exists', () => {
    const known = [
      'NODE_ENV',
      'NODE_OPTIONS',
      'UV_THREADPOOL_SIZE',
      'MALLOC_ARENA_MAX',
      ...VARIABLES.map((variable) => variable.name),
    ];
    const set = lastStage.filter(({ word }) => word === 'ENV').flatMap(({ rest }) => rest.split(' '));
    expect(set.map((pair) => pair.split('=')[0]).filter((name) => !known.includes(name ?? ''))).toEqual([]);
    const command = JSON.parse(lastStage.find(({ word }) => word === 'CMD')?.rest ?? '[]') as string[];
    expect(existsSync(sourceOf(command.at(-1) ?? ''))).toBe(true);
  });

  it('copies only what .dockerignore lets in', () => {
    const letIn = readFileSync(projectFile('.dockerignore'), 'utf8').split('\n');
    const copied = dockerfile
      .filter(({ word, rest }) => word === 'COPY' && !rest.startsWith('--from'))
      .flatMap(({ rest }) => rest.split(' ').slice(0, -1))
      .filter((path) => path !== '.');
    for (const path of copied) {
      expect(letIn).toContain(`!${path}`);
      expect(existsSync(projectFile(path))).toBe(true);
    }
  });
});
