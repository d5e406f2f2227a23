// The two stores of a hub: embedded ones in DATA_DIR unless the environment names others.
import { join } from 'node:path';
import { embeddedPrograms } from '../setup/postgres-binaries.mjs';
import { createCluster, postgresService, postgresUrl, storeFolder } from '../setup/postgres-store.mjs';
import { ensureRedisBinary } from '../setup/redis-binary.mjs';
import { redisService, redisUrl } from '../setup/redis-store.mjs';
import { during } from '../setup/say.mjs';
import { storeUser } from '../setup/unprivileged.mjs';
import { existsSync } from 'node:fs';
import { waitUntilReachable } from './reachable.mjs';

const READY_MS = 60_000;

/**
 * Starts or finds PostgreSQL and Redis. Resolves when both answer.
 * @param {{ dataDir: string, databaseUrl: string, redisUrl: string }} settings
 * @param {Record<string, number>} ports
 * @param {import('../setup/supervisor.mjs').Supervisor} supervisor
 * @returns {Promise<{ databaseUrl: string, redisUrl: string }>}
 */
export async function provideStores(settings, ports, supervisor) {
  const [database, redis] = await Promise.all([
    settings.databaseUrl === ''
      ? embeddedPostgres(settings.dataDir, ports.postgres, supervisor)
      : external({ name: 'PostgreSQL', variable: 'DATABASE_URL', url: settings.databaseUrl, defaultPort: 5432 }),
    settings.redisUrl === ''
      ? embeddedRedis(settings.dataDir, ports.redis, supervisor)
      : external({ name: 'Redis', variable: 'REDIS_URL', url: settings.redisUrl, defaultPort: 6379 }),
  ]);
  return { databaseUrl: database, redisUrl: redis };
}

async function external(store) {
  await waitUntilReachable(store);
  return store.url;
}

async function embeddedPostgres(dataDir, port, supervisor) {
  const inside = join(dataDir, 'postgres');
  const user = storeUser(inside);
  const programs = embeddedPrograms(user);
  const folder = storeFolder(dataDir, user);
  if (!existsSync(join(folder, 'data')))
    await during('making the PostgreSQL data folder', () => createCluster({ folder, programs, user }));
  supervisor.start(postgresService({ folder, programs, user, port, logFile: join(dataDir, 'postgres.log') }));
  await supervisor.ready('postgres', READY_MS);
  return postgresUrl(folder, port);
}

async function embeddedRedis(dataDir, port, supervisor) {
  const folder = join(dataDir, 'redis');
  const binary = await ensureRedisBinary();
  supervisor.start(redisService({ folder, binary, port, logFile: join(dataDir, 'redis.log') }));
  await supervisor.ready('redis', READY_MS);
  return redisUrl(folder, port);
}
