/** /api/v1/stories: stories of any status, each with its items side by side and the reasons behind it. */
import { Get, Inject, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { z } from 'zod';
import { CONFIG, type Config } from '#config/config.js';
import { SearchLine } from '#service/search-line.js';
import { ItemAdminRepository } from '#storage/item-admin.repository.js';
import { StoryAdminRepository, type StoryDossier } from '#storage/story-admin.repository.js';
import { Answers, ApiId, ApiResource, Id } from './api-route.js';
import { itemView, joinView } from './items.schemas.js';
import { lostCursor, MAX_LIMIT, page, pageAsked } from './lists.js';
import { notFound } from './problem.js';
import {
  type DeliveryCounts,
  NO_DELIVERIES,
  storyDetailSchema,
  storyPageSchema,
  storyQuerySchema,
  storyView,
} from './stories.schemas.js';
import { StoryExplanation } from './story-explanation.js';

/** Of what partners wrote; the answer stays readable, and a process that gives many of them stays small. */
const MOST_BYTES_OF_ITEMS = 1_000_000;

@ApiResource('stories')
export class StoriesController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly stories: StoryAdminRepository,
    private readonly items: ItemAdminRepository,
    private readonly explanation: StoryExplanation,
    private readonly line: SearchLine,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Stories in the order of the public lists', description: 'All filters given must hold.' })
  @Answers(200, storyPageSchema, 'A page of stories.')
  async list(@Query({ schema: storyQuerySchema }) query: z.infer<typeof storyQuerySchema>) {
    const asked = pageAsked(query);
    const { limit: _limit, cursor: _cursor, since, ...filters } = query;
    const list = () =>
      this.stories.list({ ...asked, ...filters, ...(since === undefined ? {} : { since: new Date(since) }) });
    const rows = await (query.q === undefined ? list() : this.line.run(list));
    // A cursor that this list gave has something after it, as long as its story is there.
    const { after } = asked;
    if (rows.length === 0 && after !== undefined && (await this.stories.get(after)) === undefined) throw lostCursor();
    return page(rows, asked.limit, (row) => storyView(row, this.config.publicUrl));
  }

  @Get(':id')
  @ApiId('story')
  @ApiOperation({
    summary: 'One story with what is known of it',
    description:
      'The newest of its items (200), versions (20) and events (200); `itemCount`, `versionCount` and `eventCount` say how many there are. GET /items?storyId=ID and GET /stories/ID/versions list all. Texts are left out where they would be more than a megabyte of items or of versions: `textLeftOut` says where; GET /items/ID and GET /stories/ID/versions/N have them.',
  })
  @Answers(200, storyDetailSchema, 'The story.')
  async get(@Id() id: string) {
    const dossier = await this.stories.get(id);
    if (dossier === undefined) throw notFound('story', id);
    const items = await this.items.ofStory(id, { limit: MAX_LIMIT, mostBytes: MOST_BYTES_OF_ITEMS });
    const { story, tags, versions, partners, counts } = dossier;
    const summary = storyView({ ...story, tags, items: counts.items, partners }, this.config.publicUrl);
    return {
      ...summary,
      content: story.content,
      authors: story.authors,
      image: story.image,
      media: story.media,
      rights: story.rights,
      leadingItemId: story.leading_item_id,
      items: items.map((item) => ({
        ...itemView(item),
        join: joinView(item),
        parsed: item.parsed,
        textLeftOut: item.isCut,
      })),
      itemCount: counts.items,
      tags,
      versionCount: counts.versions,
      eventCount: counts.events,
      versions: versions.map(({ created_at, item_id, isCut, ...version }) => ({
        ...version,
        textLeftOut: isCut,
        createdAt: created_at.toISOString(),
        itemId: item_id,
      })),
      ...eventsOf(dossier),
      ...(await this.explanation.of(id)),
    };
  }
}

/** The story's newest events, each with what became of its deliveries, and the sum of all. */
function eventsOf({ events, deliveries, delivered }: StoryDossier) {
  const counted = (rows: StoryDossier['delivered']): DeliveryCounts =>
    rows.reduce((counts, { status, count }) => ({ ...counts, [status]: counts[status] + count }), NO_DELIVERIES);
  return {
    events: events.map((event) => ({
      id: event.id,
      type: event.type,
      seq: event.seq,
      storyVersion: event.story_version,
      quietReason: event.quiet_reason,
      correlationId: event.correlation_id,
      createdAt: event.created_at.toISOString(),
      deliveries: counted(deliveries.filter((delivery) => delivery.event_id === event.id)),
    })),
    deliveries: counted(delivered),
  };
}
