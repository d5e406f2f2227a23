/** A story's versions with all that each of them showed. */
import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { Database } from './database.js';
import type { StoryVersionsTable } from './schema.js';

export type StoryVersionDetail = Selectable<StoryVersionsTable>;
export type StoryVersionHead = Pick<StoryVersionDetail, 'version' | 'created_at' | 'item_id' | 'changed' | 'title'>;

@Injectable()
export class StoryVersionRepository {
  constructor(private readonly database: Database) {}

  /** Newest first, older than `before`; one row more than `limit` when there is more. */
  async list(storyId: string, limit: number, before?: number): Promise<StoryVersionHead[]> {
    let rows = this.database.db
      .selectFrom('story_versions')
      .select(['version', 'created_at', 'item_id', 'changed', 'title'])
      .where('story_id', '=', storyId)
      .orderBy('version', 'desc');
    if (before !== undefined) rows = rows.where('version', '<', before);
    return rows.limit(limit + 1).execute();
  }

  async get(storyId: string, version: number): Promise<StoryVersionDetail | undefined> {
    return this.database.db
      .selectFrom('story_versions')
      .selectAll()
      .where('story_id', '=', storyId)
      .where('version', '=', version)
      .executeTakeFirst();
  }
}
