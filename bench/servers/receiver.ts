/** The bench's webhook receiver, a process of its own: counts deliveries and notes when each live item arrived. */
import { serveCalls } from '../ground/rpc.js';
import { listenOnLoopback } from './loopback.js';

const LIVE_MARK = /\/articles\/live-(\d+)"/;

const state = {
  requests: 0,
  /** Of all bodies. */
  bytes: 0,
  noteLive: false,
  /** When an item's first webhook had arrived whole (ns, the machine's monotonic clock). */
  liveTimes: new Map<number, bigint>(),
};

const site = await listenOnLoopback((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    state.requests++;
    for (const chunk of chunks) state.bytes += chunk.length;
    if (state.noteLive) note(Buffer.concat(chunks).toString('utf8'));
    response.writeHead(204).end();
  });
});

function note(body: string): void {
  const arrived = process.hrtime.bigint();
  const mark = LIVE_MARK.exec(body);
  const number = Number(mark?.[1]);
  if (mark && !state.liveTimes.has(number)) state.liveTimes.set(number, arrived);
}

serveCalls({
  site: () => site,
  received: () => ({ requests: state.requests, bytes: state.bytes }),
  noteLive: () => {
    state.noteLive = true;
  },
  liveTimes: () => state.liveTimes,
});
