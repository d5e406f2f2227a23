/** The life of a service process: read the configuration, wait for the stores, migrate, start, and end in order on a signal. */
import { type Config, ConfigError, EXIT_BAD_CONFIGURATION, loadConfig } from '#config/config.js';
import { Database } from '#storage/database.js';
import { migrateToLatest, waitForPostgres } from '#storage/migrate.js';
import { waitForRedis } from '#messaging/wait-for-redis.js';
import type { RunningService } from './start-service.js';

/** How long PostgreSQL may take to answer at start before the process gives up. */
const POSTGRES_PATIENCE_MS = 20_000;
/** How long Redis may take before the process starts without it. */
const REDIS_PATIENCE_MS = 5_000;
/** After a signal everything must be gone within five seconds. */
const SHUTDOWN_MS = 4_000;

type StartService = (config: Config, logName: string) => Promise<RunningService>;

/** Runs the given services in this process until SIGINT or SIGTERM. Never returns; the exit code says how it ended. */
export async function runProcess(name: string, starts: StartService[]): Promise<void> {
  const running: RunningService[] = [];
  endOnSignals(name, running);
  process.on('unhandledRejection', (reason) => {
    report(
      'fatal',
      name,
      `unhandled rejection: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`,
    );
    process.exit(1);
  });
  try {
    const config = loadConfig(process.env);
    await waitForStores(name, config);
    for (const start of starts) running.push(await start(config, name));
    report('info', name, `ready: ${running.map((service) => `${service.name} ${service.url}`).join(', ')}`);
  } catch (error) {
    if (error instanceof ConfigError) {
      for (const line of error.lines) report('fatal', name, line);
      process.exit(EXIT_BAD_CONFIGURATION);
    }
    report('fatal', name, error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(1);
  }
}

async function waitForStores(name: string, config: Config): Promise<void> {
  const retry = (what: string) => (error: Error) => report('warn', name, `waiting for ${what}: ${error.message}`);
  const database = new Database({
    connectionString: config.databaseUrl,
    applicationName: `dateline-${name}-start`,
    maxConnections: 2,
  });
  try {
    const postgres = waitForPostgres(database, POSTGRES_PATIENCE_MS, retry('PostgreSQL')).catch((error: Error) => {
      throw new ConfigError([`PostgreSQL (DATABASE_URL) cannot be reached: ${error.message}`]);
    });
    const redis = waitForRedis(config, REDIS_PATIENCE_MS, retry('Redis')).catch((error: Error) => {
      throw new ConfigError([`Redis (REDIS_URL) refuses us: ${error.message}`]);
    });
    const [, hasRedis] = await Promise.all([postgres, redis]);
    // Pages, feeds and the API need none, and an outage of it must not become theirs.
    if (!hasRedis) report('warn', name, 'Redis (REDIS_URL) does not answer: starting without it');
    await migrateToLatest(database);
  } finally {
    await database.close();
  }
}

function endOnSignals(name: string, running: RunningService[]): void {
  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
    if (ending) return;
    ending = true;
    report('info', name, `${signal}: finishing what runs`);
    setTimeout(() => process.exit(0), SHUTDOWN_MS).unref();
    void Promise.allSettled(running.map((service) => service.close())).then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

/** Before Nest's logger exists and after it is gone: the same lines, straight to standard output. */
function report(level: string, service: string, msg: string): void {
  const time = new Date().toISOString();
  const pretty = process.stdout.isTTY && process.env['LOG_FORMAT'] !== 'json';
  const line = pretty
    ? `[${time.slice(11, 19)}] ${level.toUpperCase()}: ${service}: ${msg}`
    : JSON.stringify({ level, time, service, pid: process.pid, msg });
  process.stdout.write(`${line}\n`);
}
