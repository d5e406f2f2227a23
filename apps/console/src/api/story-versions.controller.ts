/** /api/v1/stories/ID/versions: what a story showed at each of its versions, and what differs between two of them. */
import { Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiParam } from '@nestjs/swagger';
import { z } from 'zod';
import { StoryAdminRepository } from '#storage/story-admin.repository.js';
import { StoryVersionRepository } from '#storage/story-version.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { pageAsked, pageFrom } from './lists.js';
import { notFound } from './problem.js';
import {
  versionDetailSchema,
  versionHeadView,
  versionListQuerySchema,
  versionPageSchema,
  versionQuerySchema,
  versionView,
} from './story-actions.schemas.js';
import { versionDiff } from './version-diff.js';

const versionSchema = z.coerce
  .number({ error: 'a version is a number from 1' })
  .int({ error: 'a version is a number from 1' })
  .min(1, { error: 'a version is a number from 1' })
  .max(2_000_000_000);

@ApiResource('stories')
export class StoryVersionsController {
  constructor(
    private readonly stories: StoryAdminRepository,
    private readonly versions: StoryVersionRepository,
  ) {}

  @Get(':id/versions')
  @ApiId('story')
  @ApiOperation({ summary: "A story's versions, newest first" })
  @Answers(200, versionPageSchema, 'A page of versions.')
  async list(
    @Id() id: string,
    @Query({ schema: versionListQuerySchema }) query: z.infer<typeof versionListQuerySchema>,
  ) {
    if (!(await this.stories.exists(id))) throw notFound('story', id);
    const { limit, after } = pageAsked(query, 'version');
    const rows = await this.versions.list(id, limit, after === undefined ? undefined : Number(after));
    const items = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? String(items.at(-1)?.version) : null;
    return pageFrom({ items, nextCursor }, versionHeadView);
  }

  @Get(':id/versions/:version')
  @ApiId('story')
  @ApiParam({ name: 'version', description: 'Counted from 1.', schema: { type: 'integer', minimum: 1 } })
  @ApiOperation({ summary: 'One version, and what differs from the one before or from another' })
  @Answers(200, versionDetailSchema, 'The version.')
  async get(
    @Id() id: string,
    @Param('version', { schema: versionSchema }) version: number,
    @Query({ schema: versionQuerySchema }) query: z.infer<typeof versionQuerySchema>,
  ) {
    const row = await this.versions.get(id, version);
    if (row === undefined) throw notFound(`version ${version} of story`, id);
    const against = query.against ?? version - 1;
    const other = against === 0 ? undefined : await this.versions.get(id, against);
    if (other === undefined && query.against !== undefined) throw notFound(`version ${against} of story`, id);
    return { ...versionView(row), diff: other === undefined ? null : { against, ...versionDiff(other, row) } };
  }
}
