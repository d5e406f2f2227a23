/** The bench's load generator, a process of its own: as many requests as fit through N connections, nothing around them. */
import { createHmac, randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { percentiles } from '../ground/percentiles.js';
import { serveCalls } from '../ground/rpc.js';

/** `paths` are asked for in turn. A POST sends `bodyBytes` bytes, signed anew each time as Standard Webhooks asks. */
export interface RawLoop {
  origin: string;
  paths: string[];
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  bodyBytes: number;
  connections: number;
  seconds: number;
}

export interface RawLoopResult {
  perSecond: number;
  statuses: Record<number, number>;
  p50Ms: number;
  p99Ms: number;
  /** Processor time of the loop a request; the server's is not in it. */
  cpuMs: number;
}

const KEY = Buffer.alloc(32, 7);
const WARM_UP_MS = 1_000;

async function run(loop: RawLoop): Promise<RawLoopResult> {
  const pool = new Pool(loop.origin, { connections: loop.connections, pipelining: 1 });
  const body = 'x'.repeat(loop.bodyBytes);
  const start = performance.now() + WARM_UP_MS;
  const end = start + loop.seconds * 1000;
  const times: number[] = [];
  const statuses: Record<number, number> = {};
  let turn = 0;
  let cpuAtStart = process.cpuUsage();
  const warm = setTimeout(() => (cpuAtStart = process.cpuUsage()), WARM_UP_MS);
  const worker = async (): Promise<void> => {
    for (let sent = performance.now(); sent < end;) {
      const path = loop.paths[turn++ % loop.paths.length] as string;
      const response = await pool.request({
        path,
        method: loop.method,
        headers: loop.method === 'POST' ? { ...loop.headers, ...signed(body) } : loop.headers,
        ...(loop.method === 'POST' ? { body } : {}),
      });
      await response.body.dump();
      const done = performance.now();
      if (sent >= start && done <= end) {
        times.push(done - sent);
        statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
      }
      sent = done;
    }
  };
  await Promise.all(Array.from({ length: loop.connections }, worker));
  clearTimeout(warm);
  const { user, system } = process.cpuUsage(cpuAtStart);
  await pool.close();
  const { p50, p99 } = percentiles(times);
  return {
    perSecond: times.length / loop.seconds,
    statuses,
    p50Ms: p50,
    p99Ms: p99,
    cpuMs: (user + system) / 1_000 / times.length,
  };
}

function signed(body: string): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

serveCalls({ run });
