/** /api/v1/channels/preview and /api/v1/channels/ID/preview: which stories a filter would hold, before anybody sees them. */
import { Body, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { CONFIG, type Config } from '#config/config.js';
import { type DraftedChannel, ChannelPreviewRepository } from '#storage/channel-preview.repository.js';
import { ChannelRepository } from '#storage/channel.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { channelDraftSchema, channelPreviewSchema, previewView } from './channel-preview.schemas.js';
import { notFound, unavailable } from './problem.js';

type Draft = z.infer<typeof channelDraftSchema>;

@ApiResource('channels')
export class ChannelPreviewController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly channels: ChannelRepository,
    private readonly previews: ChannelPreviewRepository,
  ) {}

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Preview a filter',
    description: 'The newest stories that a channel with this filter would hold; nothing is stored.',
  })
  @Answers(200, channelPreviewSchema, 'What it would hold.')
  preview(@Body({ schema: channelDraftSchema }) draft: Draft) {
    return this.run(draft, undefined);
  }

  @Post(':id/preview')
  @HttpCode(200)
  @ApiId('channel')
  @ApiOperation({
    summary: 'Preview another filter for a channel',
    description: 'The same, compared with what the channel holds now, and with what rules route to it.',
  })
  @Answers(200, channelPreviewSchema, 'What it would hold.')
  async previewOf(@Id() id: string, @Body({ schema: channelDraftSchema }) draft: Draft) {
    const channel = await this.channels.get(id);
    if (channel === undefined) throw notFound('channel', id);
    return this.run(draft, channel);
  }

  private async run({ filter, stories, limit }: Draft, channel: DraftedChannel | undefined) {
    const preview = await this.previews.preview(filter, { most: stories, limit, channel });
    if (preview === undefined)
      throw unavailable(
        'preview-too-slow',
        `The database could not look at ${stories} stories in five seconds. Ask for fewer with the field stories.`,
      );
    return previewView(preview, this.config.publicUrl);
  }
}
