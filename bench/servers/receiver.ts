/** The bench's receiver of webhooks and WebSub pushes, a process of its own: counts what comes and notes when each live item arrived. */
import { serveCalls } from '../ground/rpc.js';
import { listenOnLoopback } from './loopback.js';

const LIVE_MARK = /\/articles\/live-(\d+)"/g;
const CALLBACK = '/websub';

const state = {
  requests: 0,
  /** Of all bodies. */
  bytes: 0,
  noteLive: false,
  /** When an item's first webhook had arrived whole (ns, the machine's monotonic clock). */
  liveTimes: new Map<number, bigint>(),
  /** When an item was first in a feed that a hub had pushed whole. */
  pushedTimes: new Map<number, bigint>(),
};

const site = await listenOnLoopback((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const url = new URL(request.url ?? '/', 'http://receiver.example');
    const challenge = url.searchParams.get('hub.challenge');
    if (challenge !== null) return response.writeHead(200).end(challenge);
    if (url.pathname === CALLBACK) note(Buffer.concat(chunks).toString('utf8'), state.pushedTimes);
    else count(chunks);
    return response.writeHead(204).end();
  });
});

function count(chunks: Buffer[]): void {
  state.requests++;
  for (const chunk of chunks) state.bytes += chunk.length;
  if (state.noteLive) note(Buffer.concat(chunks).toString('utf8'), state.liveTimes);
}

function note(body: string, times: Map<number, bigint>): void {
  const arrived = process.hrtime.bigint();
  for (const [, digits] of body.matchAll(LIVE_MARK)) {
    const number = Number(digits);
    if (!times.has(number)) times.set(number, arrived);
  }
}

serveCalls({
  site: () => site,
  received: () => ({ requests: state.requests, bytes: state.bytes }),
  noteLive: () => {
    state.noteLive = true;
  },
  liveTimes: () => state.liveTimes,
  callback: () => `${site}${CALLBACK}`,
  pushedTimes: () => state.pushedTimes,
});
