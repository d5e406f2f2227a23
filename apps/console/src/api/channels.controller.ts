/** /api/v1/channels: named, filtered streams of stories, each with feeds of its own. */
import { Body, Delete, Get, HttpCode, Inject, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { CONFIG, type Config } from '#config/config.js';
import { ChannelRepository, type ChannelRow, type SlugTaken } from '#storage/channel.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import {
  channelConflictSchema,
  channelPageSchema,
  channelPatchSchema,
  channelQuerySchema,
  channelSchema,
  channelView,
  newChannelSchema,
} from './channels.schemas.js';
import { pageAsked, pageFrom } from './lists.js';
import { conflict, notFound, type ProblemException } from './problem.js';

@ApiResource('channels')
export class ChannelsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly channels: ChannelRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Channels by slug', description: "The channel 'all' always exists and is not listed." })
  @Answers(200, channelPageSchema, 'A page of channels.')
  async list(@Query({ schema: channelQuerySchema }) query: z.infer<typeof channelQuerySchema>) {
    const { limit, after } = pageAsked(query, 'slug');
    return pageFrom(await this.channels.list({ limit, cursor: after }), (row) =>
      channelView(row, this.config.publicUrl),
    );
  }

  @Post()
  @ApiOperation({
    summary: 'Add a channel',
    description: 'Its feeds exist at once, filled with the newest matching stories.',
  })
  @Answers(201, channelSchema, 'The new channel.')
  @Answers(409, channelConflictSchema, 'The slug is taken; `id` has it or had it.')
  async create(@Body({ schema: newChannelSchema }) body: z.infer<typeof newChannelSchema>) {
    return this.viewOf(await this.channels.create({ ...body, filter: body.filter ?? {} }));
  }

  @Get(':id')
  @ApiId('channel')
  @ApiOperation({ summary: 'One channel' })
  @Answers(200, channelSchema, 'The channel.')
  async get(@Id() id: string) {
    const row = await this.channels.get(id);
    if (row === undefined) throw notFound('channel', id);
    return channelView(row, this.config.publicUrl);
  }

  @Patch(':id')
  @ApiId('channel')
  @ApiOperation({
    summary: 'Change a channel',
    description:
      'A new filter replaces the old one: the newest stories move at once, older ones within seconds. A new slug moves the page and the feeds; the old addresses redirect for as long as the channel is there.',
  })
  @Answers(200, channelSchema, 'The channel as it is now.')
  @Answers(409, channelConflictSchema, 'The slug is taken; `id` has it or had it.')
  async update(@Id() id: string, @Body({ schema: channelPatchSchema }) body: z.infer<typeof channelPatchSchema>) {
    const result = await this.channels.update(id, body);
    if (result === undefined) throw notFound('channel', id);
    return this.viewOf(result);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiId('channel')
  @ApiOperation({ summary: 'Remove a channel', description: 'Its feeds answer 404 from now on; the stories stay.' })
  @Answers(204, null, 'Removed.')
  async remove(@Id() id: string): Promise<void> {
    if (!(await this.channels.remove(id))) throw notFound('channel', id);
  }

  private viewOf(result: { channel: ChannelRow } | { taken: SlugTaken }) {
    if ('channel' in result) return channelView(result.channel, this.config.publicUrl);
    throw slugConflict(result.taken);
  }
}

function slugConflict({ slug, by, channel }: SlugTaken): ProblemException {
  if (channel === null)
    return conflict('channel-built-in', `The channel ${slug} is built in: it holds every story. Take another slug.`);
  if (by === 'former')
    return conflict(
      'channel-slug-redirects',
      `${slug} was the slug of the channel ${channel.slug} (${channel.id}) and redirects to it. Take another slug, or give that channel its old one back.`,
      { id: channel.id },
    );
  return conflict(
    'channel-already-here',
    `A channel has the slug ${slug}: it is ${channel.id}. Change that one, or take another slug.`,
    { id: channel.id },
  );
}
