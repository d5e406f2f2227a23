/** The demo: three partner sites and a webhook receiver on loopback, and an ordinary API client that introduces them to the hub. */
import { type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { ApiClient } from './api-client.js';
import { registerChannels, removeChannels } from './channels.js';
import { openEdition } from './edition-file.js';
import { partners, servePartners } from './partners/site.js';
import { demoIsOn, registerEndpoint, registerPartners } from './registration.js';
import { serveReceiver } from './receiver.js';

const POLL_STATE_MS = 3_000;
const RETRY_MS = 1_000;

const environmentSchema = z.object({
  DEMO_PORT: z.coerce.number().int().min(1).max(65_535).default(8090),
  DEMO_RECEIVER_PORT: z.coerce.number().int().min(1).max(65_535).default(8091),
  CONSOLE_URL: z.url().default('http://127.0.0.1:8081'),
  ADMIN_TOKEN: z.string().min(1),
  DATA_DIR: z.string().min(1).default('./data'),
  DEMO: z.enum(['auto', 'on', 'off']).default('auto'),
});

type Environment = z.infer<typeof environmentSchema>;

const stop = new AbortController();
const sleep = (ms: number): Promise<void> => setTimeout(ms, undefined, { signal: stop.signal }).catch(() => undefined);

async function main(): Promise<void> {
  const environment = environmentSchema.parse(process.env);
  if (environment.DEMO === 'off') return;
  const api = new ApiClient(environment.CONSOLE_URL.replace(/\/$/, ''), environment.ADMIN_TOKEN);
  if (!(await api.waitUntilReady(() => stop.signal.aborted))) return;
  const channelsFile = join(environment.DATA_DIR, 'demo-channels');
  if (await patiently(api, () => demoIsOn(api))) await play(api, environment, channelsFile);
  if (!stop.signal.aborted) await removeChannels(api, channelsFile);
}

/** Serves and registers the demo until it is over. */
async function play(api: ApiClient, environment: Environment, channelsFile: string): Promise<void> {
  const site = `http://127.0.0.1:${environment.DEMO_PORT}`;
  const all = partners(site, openEdition(environment.DATA_DIR));
  const receiver: { secret?: string } = {};
  const servers: Server[] = [
    await servePartners(environment.DEMO_PORT, all),
    await serveReceiver(
      environment.DEMO_RECEIVER_PORT,
      () => receiver.secret,
      (line) => console.log(line),
    ),
  ];
  // The endpoint first: it receives from the next event on, so the stories that come with the feeds reach it.
  const receiverUrl = `http://127.0.0.1:${environment.DEMO_RECEIVER_PORT}/webhooks`;
  const file = join(environment.DATA_DIR, 'demo-receiver-secret');
  const endpoint = await patiently(api, () => registerEndpoint(api, receiverUrl, file));
  if (endpoint) receiver.secret = endpoint.secret;
  await patiently(api, () => registerPartners(api, site, Object.values(all)));
  await patiently(api, () => registerChannels(api, channelsFile));
  await untilOver(api);
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
}

/** Retries while the hub restarts: a demo that is late is better than none. Undefined when told to stop, or when the demo is over. */
async function patiently<T>(api: ApiClient, work: () => Promise<T>): Promise<T | undefined> {
  for (let last = ''; !stop.signal.aborted;) {
    try {
      return await work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== last) console.error(`demo: ${message}; trying again`);
      last = message;
      if (!(await demoIsOn(api).catch(() => true))) return undefined;
      await sleep(RETRY_MS);
    }
  }
  return undefined;
}

/** Returns when the demo was turned off or the process is to end. */
async function untilOver(api: ApiClient): Promise<void> {
  while (!stop.signal.aborted) {
    await sleep(POLL_STATE_MS);
    // A console that does not answer is being restarted: the demo goes on.
    if (!stop.signal.aborted && !(await demoIsOn(api).catch(() => true))) {
      console.log('demo: a real partner was added, so the demo is over');
      return;
    }
  }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
process.on('disconnect', () => stop.abort());
main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(`demo: ${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}`);
    process.exit(1);
  },
);
