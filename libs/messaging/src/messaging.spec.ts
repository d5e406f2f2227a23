/** The seams with Redis: jobs run once an id, a flush is noticed, an outage never makes a producer wait, commands stay within their hub. */
import { Controller, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { EventPattern, MessagePattern, type MicroserviceOptions } from '@nestjs/microservices';
import { Processor, WorkerHost } from '@nestjs/bullmq';
import type { Job } from 'bullmq';
import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { CONFIG, type Config } from '#config/config.js';
import { QUEUES } from '#contracts/jobs.js';
import { testConfig } from '../../../test/support/config.js';
import { startStopwatch } from '../../../test/support/stopwatch.js';
import { TcpProxy } from '../../../test/support/tcp-proxy.js';
import { until } from '../../../test/support/until.js';
import { CommandClient } from './command-client.js';
import { JobPublisher } from './job-publisher.js';
import { MessagingModule } from './messaging.module.js';
import { RedisSentinel } from './redis-sentinel.js';
import { HubServerRedis } from './redis-transport.js';
import { parseJob, workerOptions } from './worker-options.js';

const seen: string[] = [];
const heard: unknown[] = [];

@Injectable()
@Processor(QUEUES.processItems.name, workerOptions({ concurrency: 5 }))
class SeenWorker extends WorkerHost {
  async process(job: Job<unknown>): Promise<void> {
    seen.push(parseJob(QUEUES.processItems, job).correlationId);
  }
}

@Controller()
class EchoController {
  @MessagePattern('test.echo')
  echo(payload: { text: string }): { text: string } {
    return { text: payload.text.toUpperCase() };
  }

  @EventPattern('test.news')
  news(payload: unknown): void {
    heard.push(payload);
  }
}

async function start(config: Config) {
  @Module({
    imports: [MessagingModule.forApp({ config, produces: ['processItems'], consumes: ['processItems'] })],
    controllers: [EchoController],
    providers: [SeenWorker, { provide: CONFIG, useValue: config }],
    exports: [CONFIG],
  })
  class TestModule {}
  const app = await NestFactory.create({ module: TestModule, global: true }, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  app.connectMicroservice<MicroserviceOptions>({ strategy: new HubServerRedis(config) });
  await app.startAllMicroservices();
  await app.init();
  return app;
}

describe('messaging', () => {
  const config = testConfig('postgres://unused@localhost/unused');
  let app: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    app = await start(config);
  });
  afterAll(() => app.close());

  const data = (correlationId: string) => ({ fetchId: randomUUID(), correlationId });

  it('runs a job once for its id', async () => {
    const jobs = app.get(JobPublisher);
    expect(await jobs.publish('processItems', [{ id: 'items-a-1', data: data('a') }])).toBe(true);
    await until('the job ran', () => seen.includes('a'));
    await jobs.publish('processItems', [
      { id: 'items-a-1', data: data('a') },
      { id: 'items-b-1', data: data('b') },
    ]);
    await until('the other job ran', () => seen.includes('b'));
    expect(seen).toEqual(['a', 'b']);
  });

  it('notices that Redis was emptied, and goes on working', async () => {
    let recovered = 0;
    app.get(RedisSentinel).onFlush(async () => {
      recovered += 1;
    });
    const redis = new Redis(config.redisUrl);
    // Only this hub's keys: other tests share the server.
    const keys = [...(await redis.keys(`${config.redisPrefix}:*`)), ...(await redis.keys(`{${config.redisPrefix}-*`))];
    await redis.del(...keys);
    redis.disconnect();
    await until('the flush was noticed', () => recovered > 0);
    await app.get(JobPublisher).publish('processItems', [{ id: 'items-a-1', data: data('after the flush') }]);
    await until('the job ran', () => seen.includes('after the flush'));
  });

  it('answers commands and hears broadcasts of its own hub only', async () => {
    const other = await start(testConfig('postgres://unused@localhost/unused'));
    try {
      const commands = app.get(CommandClient);
      expect(await commands.send('test.echo', { text: 'hello' }, 2_000)).toEqual({ text: 'HELLO' });
      commands.broadcast('test.news', { n: 1 });
      await until('the broadcast was heard', () => heard.length > 0);
      expect(heard).toEqual([{ n: 1 }]);
      await expect(commands.send('test.nobody', {}, 200)).rejects.toThrow();
    } finally {
      await other.close();
    }
  });

  it.each(['cut', 'silence'] as const)(
    'never waits on a Redis that is gone (%s), and works again after',
    async (outage) => {
      const address = new URL(config.redisUrl);
      const proxy = await TcpProxy.to(address.hostname, Number(address.port));
      address.port = String(proxy.port);
      const behind = { ...testConfig('postgres://unused@localhost/unused'), redisUrl: address.href };
      const lonely = await start(behind);
      try {
        const jobs = lonely.get(JobPublisher);
        proxy[outage]();
        const elapsed = startStopwatch();
        expect(await jobs.publish('processItems', [{ id: 'items-y-1', data: data('y') }])).toBe(false);
        expect(elapsed()).toBeLessThan(4_000);
        lonely.get(CommandClient).broadcast('test.news', { lost: true });
        proxy.restore();
        await until('jobs are taken again', () =>
          jobs.publish('processItems', [{ id: 'items-z-1', data: data(`z ${outage}`) }]),
        );
        await until('and run', () => seen.includes(`z ${outage}`));
      } finally {
        await lonely.close();
        await proxy.close();
      }
    },
  );

  it.each(['cut', 'silence'] as const)(
    'starts although Redis is gone (%s), and works once it is there',
    async (outage) => {
      const address = new URL(config.redisUrl);
      const proxy = await TcpProxy.to(address.hostname, Number(address.port));
      address.port = String(proxy.port);
      proxy[outage]();
      const lonely = await start({ ...testConfig('postgres://unused@localhost/unused'), redisUrl: address.href });
      try {
        const jobs = lonely.get(JobPublisher);
        expect(await jobs.publish('processItems', [{ id: 'items-y-1', data: data('y') }])).toBe(false);
        proxy.restore();
        await until('jobs are taken', () =>
          jobs.publish('processItems', [{ id: 'items-z-1', data: data(`first ${outage}`) }]),
        );
        await until('and run', () => seen.includes(`first ${outage}`));
        const commands = lonely.get(CommandClient);
        const answer = () => commands.send('test.echo', { text: outage }, 2_000);
        expect(await until('a command is answered', answer)).toEqual({ text: outage.toUpperCase() });
      } finally {
        await lonely.close();
        await proxy.close();
      }
    },
  );
});
