/** What operators ask of stories, asked and carried out at once, for tests of what becomes of them. */
import type { StoryActionRequest } from '#contracts/story-actions.js';
import type { Database } from '#storage/database.js';
import { type NewStoryAction, StoryActionRepository, type StoryActionRow } from '#storage/story-action.repository.js';
import type { TestIntake } from './intake.js';
import { receive, type TestFeed, type TestItem } from './partners-items.js';

type Asked = Partial<Omit<NewStoryAction, 'request'>> & { kind: NewStoryAction['kind'] } & StoryActionRequest;

export class StoryDesk {
  private readonly actions: StoryActionRepository;

  constructor(
    private readonly database: Database,
    private readonly intake: TestIntake,
  ) {
    this.actions = new StoryActionRepository(database);
  }

  /** Answers the action as it ended. */
  async ask({
    kind,
    storyId = null,
    itemId = null,
    reason = null,
    undoes,
    actor = 'operator (test)',
    ...request
  }: Asked): Promise<StoryActionRow> {
    const isLead = kind === 'lead';
    const { id } = await this.actions.ask({
      ...{ kind, storyId, itemId: isLead ? null : itemId, actor, reason },
      request: isLead ? { ...request, itemId } : request,
      ...(undoes === undefined ? {} : { undoes }),
    });
    await this.intake.act();
    const action = await this.actions.get(id);
    if (action?.status !== 'done') throw new Error(`${kind} is ${action?.status ?? 'gone'}: ${action?.outcome ?? ''}`);
    return action;
  }

  undo({ id }: { id: string }): Promise<StoryActionRow> {
    return this.ask({ kind: 'undo', undoes: id, actionId: id });
  }

  /** Items of one fetch, received and processed. */
  async take(feed: TestFeed | undefined, ...items: TestItem[]): Promise<string[]> {
    if (feed === undefined) throw new Error('there is no such feed');
    const { fetchId, itemIds } = await receive(this.database, feed, items);
    await this.intake.process(fetchId);
    return itemIds;
  }

  story(id: string) {
    return this.database.db.selectFrom('stories').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  }

  /** How an item came into its story. */
  home(itemId: string | undefined) {
    return this.database.db
      .selectFrom('story_items')
      .select(['story_id', 'rule', 'relation', 'evidence'])
      .where('item_id', '=', itemId ?? '')
      .executeTakeFirstOrThrow();
  }

  /** `SLUG: SOURCE`, in order. */
  async tags(storyId: string): Promise<string[]> {
    const rows = await this.database.db
      .selectFrom('story_tags')
      .innerJoin('tags', 'tags.id', 'story_tags.tag_id')
      .select(['slug', 'source'])
      .where('story_id', '=', storyId)
      .orderBy('slug')
      .execute();
    return rows.map(({ slug, source }) => `${slug}: ${source}`);
  }
}
