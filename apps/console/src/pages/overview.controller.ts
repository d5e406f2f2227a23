/** The console's front page. */
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '#config/config.js';
import { DeliveryTroubleRepository } from '#storage/delivery-trouble.repository.js';
import { FeedAdminRepository } from '#storage/feed-admin.repository.js';
import { HubStatusRepository } from '#storage/hub-status.repository.js';
import { DemoEnd } from '../api/demo-end.js';
import { overviewPage } from './overview.page.js';
import { sendPage } from './send-page.js';

const FEEDS_SHOWN = 50;
const DELIVERIES_SHOWN = 20;

@ApiExcludeController()
@Controller()
export class OverviewController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly hub: HubStatusRepository,
    private readonly feeds: FeedAdminRepository,
    private readonly deliveries: DeliveryTroubleRepository,
    private readonly demoEnd: DemoEnd,
  ) {}

  @Get()
  async show(@Res() reply: FastifyReply): Promise<void> {
    const [status, feeds, deliveries, demo] = await Promise.all([
      this.hub.read(),
      this.feeds.byHealth(FEEDS_SHOWN),
      this.deliveries.newest(DELIVERIES_SHOWN),
      this.demoEnd.state(),
    ]);
    const { siteName, publicUrl } = this.config;
    const page = overviewPage({ siteName, publicUrl, now: new Date(), demo, status, feeds, deliveries });
    await sendPage(reply, 200, page);
  }
}
