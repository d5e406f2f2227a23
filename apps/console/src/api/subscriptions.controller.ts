/** /api/v1/subscriptions: who is subscribed at our WebSub hub, until when, and what the last push came to. */
import { Delete, Get, HttpCode, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { type HubSubscription, HubSubscriptionRepository } from '#storage/hub-subscription.repository.js';
import { Answers, ApiId, ApiResource, dateTime, Id, isoOrNull } from './api-route.js';
import { page, pageAsked, pageFields, pageOf } from './lists.js';
import { notFound } from './problem.js';
import { fields } from './validation.js';

const subscriptionSchema = z
  .object({
    id: z.uuid(),
    topic: z.string().meta({ description: 'The feed that is pushed.', example: 'https://hub.example/feeds/all.atom' }),
    callback: z.string().meta({ description: 'Where it is pushed to.', example: 'https://reader.example/push/1' }),
    state: z.enum(['verifying', 'active', 'expired']).meta({
      description: 'verifying: not confirmed yet; active: pushed to until `leaseUntil`; expired: goes in a moment.',
    }),
    asked: z.enum(['subscribe', 'unsubscribe', 'denied']).nullable().meta({ description: 'What waits to be asked.' }),
    signed: z.boolean().meta({ description: 'Whether pushes carry X-Hub-Signature.' }),
    leaseUntil: dateTime.nullable(),
    failures: z.number().int().meta({ description: 'Failed requests in a row.' }),
    lastDistributionAt: dateTime.nullable(),
    lastStatus: z.number().int().nullable().meta({ description: 'HTTP status of the last push; null: no answer.' }),
    lastError: z.string().nullable(),
    createdAt: dateTime,
  })
  .meta({ id: 'Subscription' });
const subscriptionPageSchema = pageOf(subscriptionSchema, 'SubscriptionPage');
const subscriptionQuerySchema = fields({ ...pageFields });

@ApiResource('subscriptions')
export class SubscriptionsController {
  constructor(private readonly subscriptions: HubSubscriptionRepository) {}

  @Get()
  @ApiOperation({ summary: 'Subscriptions at our WebSub hub, oldest first' })
  @Answers(200, subscriptionPageSchema, 'A page of subscriptions.')
  async list(@Query({ schema: subscriptionQuerySchema }) query: z.infer<typeof subscriptionQuerySchema>) {
    const { limit, after } = pageAsked(query);
    return page(await this.subscriptions.list({ limit, after }), limit, subscriptionView);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiId('subscription')
  @ApiOperation({ summary: 'End a subscription', description: 'Its subscriber is told with hub.mode=denied.' })
  @Answers(204, null, 'Nothing more is pushed.')
  async remove(@Id() id: string): Promise<void> {
    if (!(await this.subscriptions.deny(id))) throw notFound('subscription', id);
  }
}

function subscriptionView(row: HubSubscription): z.infer<typeof subscriptionSchema> {
  const runs = row.active && row.lease_until !== null && row.lease_until.getTime() > Date.now();
  return {
    id: row.id,
    topic: row.topic,
    callback: row.callback,
    state: runs ? 'active' : row.asked_mode === null ? 'expired' : 'verifying',
    asked: row.asked_mode,
    signed: row.secret_sealed !== null,
    leaseUntil: isoOrNull(row.lease_until),
    failures: row.failures,
    lastDistributionAt: isoOrNull(row.last_distribution_at),
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: row.created_at.toISOString(),
  };
}
