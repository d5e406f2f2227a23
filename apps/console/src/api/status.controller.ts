/** /api/v1/status and /api/v1/demo: how the hub is doing as a whole. */
import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { HubStatusRepository } from '#storage/hub-status.repository.js';
import { Answers, ApiResource } from './api-route.js';
import { DemoEnd } from './demo-end.js';

const count = z.number().int();
const counts = <Key extends string>(...keys: Key[]) =>
  z.object(Object.fromEntries(keys.map((key) => [key, count])) as Record<Key, typeof count>);

const statusSchema = z
  .object({
    idle: z.boolean().meta({ description: 'No item, event or delivery waits, runs or is leased.' }),
    partners: count,
    feeds: counts('active', 'paused', 'retired', 'failing', 'due', 'enqueued'),
    items: counts('total', 'unprocessed', 'batchesWaiting'),
    stories: counts('published', 'withdrawn', 'merged', 'withheld'),
    events: counts('total', 'unrelayed', 'unpublished', 'lastSeq'),
    channels: count,
    endpoints: counts('active', 'paused', 'disabled'),
    deliveries: counts('pending', 'delivering', 'delivered', 'failed', 'cancelled'),
    leases: counts('deliveries').meta({ description: 'Held by workers at this moment.' }),
  })
  .meta({ id: 'HubStatus' });
const demoSchema = z.object({ state: z.enum(['on', 'off']) }).meta({ id: 'DemoState' });

@ApiResource('status')
export class StatusController {
  constructor(private readonly hub: HubStatusRepository) {}

  @Get()
  @ApiOperation({ summary: 'What the hub holds and what waits' })
  @Answers(200, statusSchema, 'Counts of one moment.')
  async get() {
    const status = await this.hub.read();
    const { feeds, items, events, deliveries, leases } = status;
    const waiting = [
      items.unprocessed,
      items.batchesWaiting,
      events.unrelayed,
      events.unpublished,
      deliveries.pending,
      deliveries.delivering,
      leases.deliveries,
      feeds.enqueued,
    ];
    return { idle: waiting.every((number) => number === 0), ...status };
  }
}

@ApiResource('demo')
export class DemoController {
  constructor(private readonly demoEnd: DemoEnd) {}

  @Get()
  @ApiOperation({ summary: 'Whether the demo is on' })
  @Answers(200, demoSchema, 'on until the first real partner or feed is added.')
  async get() {
    return { state: await this.demoEnd.state() };
  }
}
