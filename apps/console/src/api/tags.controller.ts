/** /api/v1/tags: the tags that stories carry. */
import { Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { storyTagSchema, tagSchemeSchema } from '#contracts/story-body.js';
import { TagAdminRepository, type TagRow } from '#storage/tag-admin.repository.js';
import { Answers, ApiId, ApiResource, dateTime, Id } from './api-route.js';
import { page, pageAsked, pageFields, pageOf } from './lists.js';
import { notFound } from './problem.js';
import { fields } from './validation.js';

const tagSchema = storyTagSchema
  .extend({
    id: z.uuid(),
    stories: z.number().int().meta({ description: 'Published stories that carry it.' }),
    createdAt: dateTime,
  })
  .meta({ id: 'Tag' });
const tagPageSchema = pageOf(tagSchema, 'TagPage');
const tagQuerySchema = fields({
  ...pageFields,
  scheme: tagSchemeSchema.optional(),
  q: z.string().trim().min(1).max(100).optional().meta({ description: 'Part of the name.' }),
});

@ApiResource('tags')
export class TagsController {
  constructor(private readonly tags: TagAdminRepository) {}

  @Get()
  @ApiOperation({ summary: 'Tags, newest first' })
  @Answers(200, tagPageSchema, 'A page of tags.')
  async list(@Query({ schema: tagQuerySchema }) query: z.infer<typeof tagQuerySchema>) {
    const asked = pageAsked(query);
    return page(await this.tags.list({ ...asked, scheme: query.scheme, q: query.q }), asked.limit, tagView);
  }

  @Get(':id')
  @ApiId('tag')
  @ApiOperation({ summary: 'One tag' })
  @Answers(200, tagSchema, 'The tag.')
  async get(@Id() id: string) {
    const row = await this.tags.get(id);
    if (row === undefined) throw notFound('tag', id);
    return tagView(row);
  }
}

function tagView({ id, scheme, slug, name, stories, created_at }: TagRow): z.infer<typeof tagSchema> {
  return { id, scheme, slug, name, stories, createdAt: created_at.toISOString() };
}
