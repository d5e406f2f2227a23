/** The ceiling of queued work, a process of its own: BullMQ jobs that do nothing, one worker. */
import { randomUUID } from 'node:crypto';
import { Queue, Worker } from 'bullmq';
import { serveCalls } from '../ground/rpc.js';

const CONCURRENCY = 50;
const BULK = 1_000;

/** Jobs a second that one worker ends, all of them added before. */
async function run({ redisUrl, jobs }: { redisUrl: string; jobs: number }): Promise<number> {
  const prefix = `{bench-${randomUUID().slice(0, 8)}}`;
  const connection = { url: redisUrl, maxRetriesPerRequest: null };
  const queue = new Queue('no-op', { connection, prefix });
  const defaults = { removeOnComplete: 1_000, removeOnFail: 1_000 };
  for (let added = 0; added < jobs; added += BULK) {
    await queue.addBulk(
      Array.from({ length: Math.min(BULK, jobs - added) }, (_, index) => ({
        name: 'no-op',
        data: { number: added + index },
        opts: { ...defaults, jobId: `job-${added + index}` },
      })),
    );
  }
  let done = 0;
  const started = performance.now();
  await new Promise<void>((resolve) => {
    const worker = new Worker('no-op', () => Promise.resolve(), { connection, prefix, concurrency: CONCURRENCY });
    worker.on('error', () => undefined);
    worker.on('completed', () => {
      if (++done === jobs) void worker.close().then(resolve);
    });
  });
  const seconds = (performance.now() - started) / 1000;
  await queue.obliterate({ force: true });
  await queue.close();
  return jobs / seconds;
}

serveCalls({ run });
