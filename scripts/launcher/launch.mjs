// `npm start`: everything from a fresh clone to a running hub, and then the hub's keeper until it is told to stop.
import { join, resolve } from 'node:path';
import { ensureBuild } from '../setup/build.mjs';
import { ensureDependencies } from '../setup/dependencies.mjs';
import { ROOT } from '../setup/places.mjs';
import { keptPorts } from '../setup/ports.mjs';
import { Refusal, say } from '../setup/say.mjs';
import { Supervisor } from '../setup/supervisor.mjs';
import { demoProcess, hubProcesses, loopbackOf, unready } from './apps.mjs';
import { clearPreviousRun, lockDataDir, prepareDataDir, removeRun, writeRun } from './data-dir.mjs';
import { checkPorts } from './port-check.mjs';
import { secrets } from './secrets.mjs';
import { checkKeptToken, readSettings } from './settings.mjs';
import { stopRequest } from './stop-request.mjs';
import { provideStores } from './stores.mjs';

/** A first start migrates on a slow disk; after this something is wrong that the log tells. */
const HUB_READY_MS = 120_000;

/**
 * Runs the hub until a signal. @param {string[]} args of the command line
 * @returns {Promise<number>} the exit code
 */
export async function launch(args) {
  process.chdir(ROOT);
  refuseUnknown(args);
  const stop = stopRequest();
  const config = await Promise.race([prepare(), stop.requested]);
  if (typeof config === 'number') return config;
  const { guard, lockFile } = await lockDataDir(config.dataDir);
  const state = { ready: false, processes: [] };
  const record = (change) => writeRun(config.dataDir, Object.assign(state, change));
  const supervisor = new Supervisor({
    lockFile,
    guard,
    say,
    onChange: (processes) => record({ processes }),
    onFatal: (service, code) => stop.request(code, `${service.name} cannot run like this: see above`),
  });
  try {
    const separate = args.includes('--separate') || process.env.PROCESSES === 'separate';
    await Promise.race([run({ config, separate, supervisor, record }), stop.requested]);
  } catch (error) {
    await end(config, supervisor);
    throw error;
  }
  const code = await stop.requested;
  const startedAt = Date.now();
  say('stopping …');
  await end(config, supervisor);
  say(`stopped in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  return code;
}

async function end(config, supervisor) {
  await supervisor.stop();
  removeRun(config.dataDir);
}

/** What can be known to be right before anything is started. */
async function prepare() {
  await ensureDependencies();
  await ensureBuild();
  const config = await readSettings(process.env);
  prepareDataDir(config.dataDir);
  return config;
}

function refuseUnknown(args) {
  const unknown = args.filter((arg) => arg !== '--separate');
  if (unknown.length > 0) throw new Refusal(`${unknown[0]} is not an option of npm start: only --separate is`);
}

/** Brings everything up, and says where it is. */
async function run({ config, separate, supervisor, record }) {
  await clearPreviousRun(config.dataDir);
  record({ processes: supervisor.processes() });
  await checkPorts(config);
  const ports = await keptPorts(config.dataDir, ['postgres', 'redis', 'demo', 'demoReceiver']);
  const { adminToken, secretKey, isNewToken } = secrets(config.dataDir, process.env);
  if (!process.env.ADMIN_TOKEN) await checkKeptToken(adminToken, join(config.dataDir, 'admin-token'));
  const stores = await provideStores(config, ports, supervisor);
  record(stores);
  const wantsDemo = config.demo !== 'off';
  const env = {
    ...process.env,
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: stores.redisUrl,
    DATA_DIR: resolve(config.dataDir),
    ADMIN_TOKEN: adminToken,
    SECRET_KEY: secretKey,
    OUTBOUND_ALLOW: [...config.outboundAllow, ...(wantsDemo ? demoAddresses(ports) : [])].join(','),
  };
  const processes = hubProcesses(config, env, separate);
  for (const service of processes) supervisor.start(service);
  await hubIsReady(config, processes, supervisor);
  const demo = wantsDemo ? demoProcess(config, env, ports) : undefined;
  if (demo !== undefined) supervisor.start(demo);
  record({ ready: true });
  announce(config, isNewToken ? adminToken : undefined);
}

/** The demo's sites are on loopback, which fetches and webhooks may not reach unless they are told so. */
function demoAddresses(ports) {
  return [ports.demo, ports.demoReceiver].map((port) => `127.0.0.1/32:${port}`);
}

async function hubIsReady(config, processes, supervisor) {
  const timer = setInterval(async () => say(`waiting for ${(await unready(config)).join(', ')} …`), 10_000);
  try {
    await Promise.all(processes.map((service) => supervisor.ready(service.name, HUB_READY_MS)));
  } finally {
    clearInterval(timer);
  }
}

function announce(config, newToken) {
  const at = (port) => `http://${loopbackOf(config.host).replace('127.0.0.1', 'localhost')}:${port}`;
  say('ready');
  say(`  stories and feeds   ${at(config.publisherPort)}`);
  say(`  console and API     ${at(config.consolePort)}  (documentation: /api/docs, queues: /queues)`);
  if (newToken !== undefined) {
    say(`  admin token         ${newToken}`);
    say(`  (shown this once; it is kept in ${config.dataDir}/admin-token)`);
  }
}
