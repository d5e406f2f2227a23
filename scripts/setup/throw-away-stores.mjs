// Stores for one run of the tests or the bench: their own PostgreSQL and Redis in a temporary folder, gone afterwards.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeLock } from './lock.mjs';
import { keptPorts } from './ports.mjs';
import { createCluster, postgresService, postgresUrl, storeFolder } from './postgres-store.mjs';
import { ensureRedisBinary } from './redis-binary.mjs';
import { redisService, redisUrl } from './redis-store.mjs';
import { say } from './say.mjs';
import { Supervisor } from './supervisor.mjs';
import { storeUser } from './unprivileged.mjs';

const READY_MS = 60_000;

/**
 * @typedef {object} ThrowAwayStores
 * @property {string} databaseUrl of a role that may create databases
 * @property {string} redisUrl
 * @property {string} redisBinary for tests that stop and start a Redis of their own
 * @property {() => Promise<void>} end
 */

/**
 * @param {{ programs: (user?: { uid: number, gid: number }) => import('./postgres-binaries.mjs').PostgresPrograms | Promise<import('./postgres-binaries.mjs').PostgresPrograms>, databaseUrl?: string, durable?: boolean }} options
 *   databaseUrl: a server of someone else to use instead; durable: PostgreSQL waits for its disk, as a hub's does
 * @returns {Promise<ThrowAwayStores>}
 */
export async function startThrowAwayStores({ programs, databaseUrl, durable = false }) {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-test-'));
  chmodSync(folder, 0o711);
  const lockFile = join(folder, 'lock');
  const supervisor = new Supervisor({ lockFile, guard: await takeLock(lockFile), say });
  let postgresFolder = folder;
  const end = async () => {
    await supervisor.stop();
    for (const path of new Set([folder, postgresFolder])) rmSync(path, { recursive: true, force: true });
  };
  try {
    const ports = await keptPorts(folder, ['postgres', 'redis']);
    const redisBinary = await ensureRedisBinary();
    const redisFolder = join(folder, 'redis');
    const redis = { folder: redisFolder, binary: redisBinary, port: ports.redis, logFile: join(folder, 'redis.log') };
    supervisor.start(redisService(redis));
    let url = databaseUrl;
    if (url === undefined) {
      const user = storeUser(join(folder, 'postgres'));
      const store = { programs: await programs(user), user, folder: storeFolder(folder, user) };
      postgresFolder = store.folder;
      await createCluster(store);
      const logFile = join(folder, 'postgres.log');
      supervisor.start(postgresService({ ...store, port: ports.postgres, logFile, throwAway: !durable }));
      await supervisor.ready('postgres', READY_MS);
      url = postgresUrl(store.folder, ports.postgres);
    }
    await supervisor.ready('redis', READY_MS);
    return { databaseUrl: url, redisUrl: redisUrl(redisFolder, ports.redis), redisBinary, end };
  } catch (error) {
    await end();
    throw error;
  }
}
