/** Bull Board at /queues: the work queues, their jobs and their failures. */
import { Module } from '@nestjs/common';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { BullBoardModule } from '@bull-board/nestjs';
import { QUEUES } from '#contracts/jobs.js';

const DESCRIPTIONS: Record<keyof typeof QUEUES, string> = {
  fetchFeed: 'Polls of up to 25 feeds',
  processItems: 'The new and changed items of one fetch become stories',
  publishEvents: 'Events go to channels and become deliveries',
  deliverWebhook: 'One attempt of each of some deliveries',
  serveSubscriber: 'The next question or push to one subscriber of our WebSub hub',
};

@Module({
  imports: [
    BullBoardModule.forRoot({
      route: '/queues',
      adapter: FastifyAdapter,
      boardOptions: {
        uiConfig: {
          boardTitle: 'Dateline queues',
          miscLinks: [
            { text: 'Console', url: '/' },
            { text: 'API', url: '/api/docs' },
          ],
        },
      },
    }),
    BullBoardModule.forFeature(
      ...Object.entries(QUEUES).map(([key, { name }]) => ({
        name,
        adapter: BullMQAdapter,
        options: { description: DESCRIPTIONS[key as keyof typeof QUEUES] },
      })),
    ),
  ],
})
export class QueuesModule {}
