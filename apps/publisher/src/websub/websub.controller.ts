/** POST /websub: where subscribers ask (WebSub, 5.1) and publishers ping. Answers before anything is verified. */
import { randomBytes } from 'node:crypto';
import { Body, Controller, Header, Inject, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '#config/config.js';
import { sealSecret } from '#domain/secret-box.js';
import { HubSubscriptionRepository } from '#storage/hub-subscription.repository.js';
import { SubscriberDispatcher } from './subscriber-dispatcher.js';
import { type HubRequest, readHubRequest } from './subscription-request.js';
import { TopicContents } from './topic-content.js';
import { TopicPings } from './topic-pings.js';

const USUAL_LEASE_SECONDS = 864_000;
/** Requests a minute that callbacks of one host may make; each costs us a request to that host. */
const ASKED_A_MINUTE = 120;
const MAX_FORM_CHARACTERS = 16_384;

type Answer = [status: number, text: string];

@ApiExcludeController()
@Controller('websub')
export class WebSubController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly subscriptions: HubSubscriptionRepository,
    private readonly contents: TopicContents,
    private readonly dispatcher: SubscriberDispatcher,
    private readonly pings: TopicPings,
  ) {}

  @Post()
  @Header('content-type', 'text/plain; charset=utf-8')
  async ask(@Body() form: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const [status, text] = await this.answer(form);
    void reply.code(status);
    if (status === 429) void reply.header('retry-after', '60');
    return `${text}\n`;
  }

  private async answer(form: unknown): Promise<Answer> {
    if (form === null || typeof form !== 'object') return [415, 'send a form: application/x-www-form-urlencoded'];
    if (JSON.stringify(form).length > MAX_FORM_CHARACTERS) return [413, 'the form is too large'];
    const request = readHubRequest(form as Record<string, unknown>);
    if (request.kind === 'wrong') return [400, request.reason];
    if (request.kind === 'subscription') return this.subscribe(request);
    this.pings.add(request.topics);
    this.dispatcher.poke();
    return [202, 'thank you: we look at it'];
  }

  private async subscribe(request: HubRequest & { kind: 'subscription' }): Promise<Answer> {
    const { topic, callback, host, mode, secret } = request;
    // What is gone may still be unsubscribed from.
    if (mode === 'subscribe' && (await this.contents.get(topic, -1)) === undefined)
      return [404, 'hub.topic: not a feed of this site; send the address that the feed names as its self link'];
    const { websubLeaseMinSeconds: least, websubLeaseMaxSeconds: most, secretKey } = this.config;
    const leaseSeconds = Math.min(most, Math.max(least, request.leaseSeconds ?? USUAL_LEASE_SECONDS));
    const seal = secret === null ? null : (id: string) => sealSecret(secret, secretKey, id, randomBytes(12));
    const limits = { perHost: this.config.websubSubscriptionsPerHost, waiting: ASKED_A_MINUTE };
    const noted = await this.subscriptions.ask({ topic, callback, host, mode, leaseSeconds, seal }, limits);
    if (!noted) return [429, 'too many subscriptions or requests for this host: try again later'];
    this.dispatcher.poke();
    return [202, 'accepted: your callback will be asked'];
  }
}
