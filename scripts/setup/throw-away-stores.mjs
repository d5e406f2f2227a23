// Stores for one run of the tests or the bench: their own PostgreSQL and Redis in a temporary folder, gone afterwards.
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from './lock.mjs';
import { keptPorts } from './ports.mjs';
import { createCluster, postgresService, postgresUrl, storeFolder } from './postgres-store.mjs';
import { ensureRedisBinary } from './redis-binary.mjs';
import { redisService, redisUrl } from './redis-store.mjs';
import { say } from './say.mjs';
import { Supervisor } from './supervisor.mjs';
import { throwAwayFolder } from './throw-away-folder.mjs';
import { storeUser } from './unprivileged.mjs';

const READY_MS = 60_000;

/**
 * @typedef {object} ThrowAwayStores
 * @property {string} databaseUrl of a role that may create databases
 * @property {string} redisUrl
 * @property {string} redisBinary for tests that stop and start a Redis of their own
 * @property {() => Promise<void>} end
 *
 * @typedef {(user?: { uid: number, gid: number }) => import('./postgres-binaries.mjs').PostgresPrograms | Promise<import('./postgres-binaries.mjs').PostgresPrograms>} Programs
 */

/**
 * @param {{ programs: Programs, databaseUrl?: string, durable?: boolean }} options
 *   databaseUrl: a server of someone else to use instead; durable: PostgreSQL waits for its disk, as a hub's does
 * @returns {Promise<ThrowAwayStores>}
 */
export async function startThrowAwayStores({ programs, databaseUrl, durable = false }) {
  const place = await throwAwayPlace(say, { inMemory: !durable });
  try {
    const ports = await keptPorts(place.folder, ['postgres', 'redis']);
    const redisBinary = await ensureRedisBinary();
    const redisFolder = join(place.folder, 'redis');
    const logFile = join(place.folder, 'redis.log');
    place.supervisor.start(redisService({ folder: redisFolder, binary: redisBinary, port: ports.redis, logFile }));
    const url = databaseUrl ?? (await startPostgres(place, { programs, port: ports.postgres, durable }));
    await place.supervisor.ready('redis', READY_MS);
    return { databaseUrl: url, redisUrl: redisUrl(redisFolder, ports.redis), redisBinary, end: place.end };
  } catch (error) {
    await place.end();
    throw error;
  }
}

/**
 * PostgreSQL alone.
 * @param {{ programs: Programs, tell: (line: string) => void }} options tell: for what its supervisor has to say
 * @returns {Promise<Pick<ThrowAwayStores, 'databaseUrl' | 'end'>>}
 */
export async function startThrowAwayPostgres({ programs, tell }) {
  const place = await throwAwayPlace(tell, { inMemory: true });
  try {
    const { postgres: port } = await keptPorts(place.folder, ['postgres']);
    return { databaseUrl: await startPostgres(place, { programs, port, durable: false }), end: place.end };
  } catch (error) {
    await place.end();
    throw error;
  }
}

/** A throw-away folder with the supervisor of what runs in it; `end` stops that and removes every folder of `folders`. */
async function throwAwayPlace(tell, options) {
  const folder = throwAwayFolder('dateline-test-', options);
  chmodSync(folder, 0o711);
  const lockFile = join(folder, 'lock');
  const supervisor = new Supervisor({ lockFile, guard: await takeLock(lockFile), say: tell });
  const folders = new Set([folder]);
  const end = async () => {
    await supervisor.stop();
    for (const path of folders) rmSync(path, { recursive: true, force: true });
  };
  return { folder, supervisor, folders, end };
}

async function startPostgres({ folder, supervisor, folders }, { programs, port, durable }) {
  const user = storeUser(join(folder, 'postgres'));
  const store = { programs: await programs(user), user, folder: storeFolder(folder, user) };
  folders.add(store.folder);
  await createCluster(store);
  const logFile = join(folder, 'postgres.log');
  supervisor.start(postgresService({ ...store, port, logFile, throwAway: !durable }));
  await supervisor.ready('postgres', READY_MS);
  return postgresUrl(store.folder, port);
}
