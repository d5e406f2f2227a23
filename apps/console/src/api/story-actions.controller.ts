/** What operators do to stories: /api/v1/stories/ID/merge and its like, /api/v1/items/ID/withdraw, and the record of it all. */
import { Body, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { slugify } from '#domain/slug.js';
import { ItemAdminRepository } from '#storage/item-admin.repository.js';
import { type NewStoryAction, StoryActionRepository } from '#storage/story-action.repository.js';
import { StoryAdminRepository } from '#storage/story-admin.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { page, pageAsked } from './lists.js';
import { notFound } from './problem.js';
import { StoryActionAsker } from './story-action-asker.js';
import {
  leadSchema,
  mergeSchema,
  reasonSchema,
  retagSchema,
  splitSchema,
  storyActionPageSchema,
  storyActionQuerySchema,
  storyActionSchema,
  storyActionView,
} from './story-actions.schemas.js';

const DONE = 'The action, carried out.';
const WAITS = 'It is kept and will be carried out: the processor is busy, or away.';

/** Every route here answers alike. */
function Action(summary: string, description: string): MethodDecorator {
  return (target, key, descriptor) => {
    ApiOperation({ summary, description })(target, key, descriptor);
    HttpCode(200)(target, key, descriptor);
    Answers(200, storyActionSchema, DONE)(target, key, descriptor);
    Answers(202, storyActionSchema, WAITS)(target, key, descriptor);
  };
}

async function answer(
  asker: StoryActionAsker,
  action: Omit<NewStoryAction, 'actor' | 'reason'> & { reason?: string | undefined },
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const row = await asker.ask({ ...action, reason: action.reason ?? null }, request.ip);
  if (row.status === 'waiting') void reply.status(202);
  return storyActionView(row);
}

@ApiResource('stories')
export class StoryActionsController {
  constructor(
    private readonly stories: StoryAdminRepository,
    private readonly asker: StoryActionAsker,
  ) {}

  @Post(':id/merge')
  @ApiId('story')
  @Action('Merge stories into this one', 'Their items join it; endpoints hear story.merged. Can be undone.')
  async merge(
    @Id() id: string,
    @Body({ schema: mergeSchema }) { storyIds, reason }: z.infer<typeof mergeSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    for (const storyId of [id, ...storyIds]) await this.mustBe(storyId);
    return answer(this.asker, { kind: 'merge', storyId: id, reason, request: { storyIds } }, request, reply);
  }

  @Post(':id/split')
  @ApiId('story')
  @Action('Split items off', 'They become a story of their own, and the hub never puts the two together again.')
  async split(
    @Id() id: string,
    @Body({ schema: splitSchema }) { itemIds, reason }: z.infer<typeof splitSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.mustBe(id);
    return answer(this.asker, { kind: 'split', storyId: id, reason, request: { itemIds } }, request, reply);
  }

  @Post(':id/withdraw')
  @ApiId('story')
  @Action('Withdraw a story', 'Its page says that it is gone (410); endpoints hear story.withdrawn.')
  async withdraw(
    @Id() id: string,
    @Body({ schema: reasonSchema }) { reason }: z.infer<typeof reasonSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.mustBe(id);
    return answer(this.asker, { kind: 'withdraw', storyId: id, reason, request: {} }, request, reply);
  }

  @Post(':id/restore')
  @ApiId('story')
  @Action('Publish a withdrawn story again', 'Under the same id and permalink; endpoints hear story.published.')
  async restore(
    @Id() id: string,
    @Body({ schema: reasonSchema }) { reason }: z.infer<typeof reasonSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.mustBe(id);
    return answer(this.asker, { kind: 'restore', storyId: id, reason, request: {} }, request, reply);
  }

  @Post(':id/lead')
  @ApiId('story')
  @Action('Choose the leading item', 'The story shows its text from now on, whatever comes; null lets the hub choose.')
  async lead(
    @Id() id: string,
    @Body({ schema: leadSchema }) { itemId, reason }: z.infer<typeof leadSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.mustBe(id);
    return answer(this.asker, { kind: 'lead', storyId: id, reason, request: { itemId } }, request, reply);
  }

  @Post(':id/tags')
  @ApiId('story')
  @Action('Give and take tags', 'A tag that is taken does not come back; one that is given stays.')
  async tags(
    @Id() id: string,
    @Body({ schema: retagSchema }) { add = [], remove = [], reason }: z.infer<typeof retagSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.mustBe(id);
    const named = add.map((tag) => ({ ...tag, slug: slugify(tag.name) }));
    return answer(this.asker, { kind: 'tags', storyId: id, reason, request: { add: named, remove } }, request, reply);
  }

  private async mustBe(id: string): Promise<void> {
    if (!(await this.stories.exists(id))) throw notFound('story', id);
  }
}

@ApiResource('items')
export class ItemActionsController {
  constructor(
    private readonly items: ItemAdminRepository,
    private readonly asker: StoryActionAsker,
  ) {}

  @Post(':id/withdraw')
  @ApiId('item')
  @Action('Take a partner’s item down', 'Another item leads its story; with its last item the story is withdrawn.')
  async withdraw(
    @Id() id: string,
    @Body({ schema: reasonSchema }) { reason }: z.infer<typeof reasonSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.ask('withdraw-item', id, reason, request, reply);
  }

  @Post(':id/restore')
  @ApiId('item')
  @Action(
    'Let an item that was taken down count again',
    'A story that went with it stays withdrawn until it is restored.',
  )
  async restore(
    @Id() id: string,
    @Body({ schema: reasonSchema }) { reason }: z.infer<typeof reasonSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.ask('restore-item', id, reason, request, reply);
  }

  private async ask(
    kind: 'withdraw-item' | 'restore-item',
    id: string,
    reason: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const item = await this.items.get(id);
    if (item === undefined) throw notFound('item', id);
    const action = { kind, storyId: item.story_id, itemId: id, reason, request: {} };
    return answer(this.asker, action, request, reply);
  }
}

@ApiResource('story-actions')
export class StoryActionLogController {
  constructor(
    private readonly actions: StoryActionRepository,
    private readonly asker: StoryActionAsker,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What was done to stories, by whom, newest first' })
  @Answers(200, storyActionPageSchema, 'A page of actions.')
  async list(@Query({ schema: storyActionQuerySchema }) query: z.infer<typeof storyActionQuerySchema>) {
    const asked = pageAsked(query);
    const { storyId, itemId, kind, status } = query;
    return page(await this.actions.list({ ...asked, storyId, itemId, kind, status }), asked.limit, storyActionView);
  }

  @Get(':id')
  @ApiId('action')
  @ApiOperation({ summary: 'One action, with its stories before and after' })
  @Answers(200, storyActionSchema, 'The action.')
  async get(@Id() id: string) {
    const row = await this.actions.get(id);
    if (row === undefined) throw notFound('story action', id);
    return storyActionView(row);
  }

  @Post(':id/undo')
  @ApiId('action')
  @Action(
    'Undo an action',
    'The stories become what they were, at a next version. A merge that is undone stays undone.',
  )
  async undo(
    @Id() id: string,
    @Body({ schema: reasonSchema }) { reason }: z.infer<typeof reasonSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const row = await this.actions.get(id);
    if (row === undefined) throw notFound('story action', id);
    const action = { kind: 'undo' as const, storyId: row.story_id, reason, undoes: id, request: { actionId: id } };
    return answer(this.asker, action, request, reply);
  }
}
