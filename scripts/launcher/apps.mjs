// The processes of our own: the hub (or its four services apart) and the demo.
import { existsSync } from 'node:fs';
import { nodeFlags } from '../setup/node-flags.mjs';
import { inRoot, ROOT } from '../setup/places.mjs';
import { SERVICES } from './port-check.mjs';

/**
 * One Node.js process of ours, as the supervisor runs it. Its output is ours: pretty in a terminal, JSON elsewhere.
 * @returns {import('../setup/supervisor.mjs').Service}
 */
function app(name, entry, env, isReady) {
  return {
    name,
    stage: 'apps',
    command: process.execPath,
    args: [...nodeFlags(name), inRoot('dist', entry)],
    // Name look-ups, compression and hashing share these threads: with the default four, a few dead name servers delay all.
    // glibc gives threads heaps of their own: with as many as it likes, resident memory grew for half an hour.
    env: { UV_THREADPOOL_SIZE: '64', MALLOC_ARENA_MAX: '2', ...env },
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    stopSignal: 'SIGTERM',
    killSignal: 'SIGKILL',
    isReady,
  };
}

/** The hub as one process, or as four. */
export function hubProcesses(config, env, separate) {
  if (!separate)
    return [app('hub', 'apps/hub/src/main.js', env, async () => (await unready(config, SERVICES)).length === 0)];
  return SERVICES.map((service) =>
    app(
      service.name,
      `apps/${service.name}/src/main.js`,
      env,
      async () => (await unready(config, [service])).length === 0,
    ),
  );
}

/** Names of the services that do not yet say that they are ready. */
export async function unready(config, services = SERVICES) {
  const answers = await Promise.all(services.map((service) => isReady(config, config[service.setting])));
  return services.filter((_, index) => !answers[index]).map((service) => service.name);
}

async function isReady(config, port) {
  try {
    const response = await fetch(`http://${loopbackOf(config.host)}:${port}/health/ready`, {
      signal: AbortSignal.timeout(3_000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Where a service that binds to `host` can be reached from this machine, ready for a URL. */
export function loopbackOf(host) {
  if (host === '0.0.0.0' || host === '') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** The demo's process, an ordinary client of the console's API; it ends for good once there is a real partner. */
export function demoProcess(config, env, ports) {
  if (!existsSync(inRoot('dist/demo/main.js'))) return undefined;
  return {
    ...app(
      'demo',
      'demo/main.js',
      {
        ...env,
        DEMO_PORT: String(ports.demo),
        DEMO_RECEIVER_PORT: String(ports.demoReceiver),
        CONSOLE_URL: `http://${loopbackOf(config.host)}:${config.consolePort}`,
      },
      () => true,
    ),
    mayFinish: true,
  };
}
