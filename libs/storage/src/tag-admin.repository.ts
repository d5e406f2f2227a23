/** Tags and how much each is used. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import type { TagScheme } from '#contracts/story-body.js';
import { Database } from './database.js';
import type { TagsTable } from './schema.js';

export type TagRow = Selectable<TagsTable> & { stories: number };

@Injectable()
export class TagAdminRepository {
  constructor(private readonly database: Database) {}

  /** Newest first; one row more than `limit` when there is more. `q`: part of the name, in any case. */
  async list(query: {
    limit: number;
    after?: string | undefined;
    scheme?: TagScheme | undefined;
    q?: string | undefined;
  }): Promise<TagRow[]> {
    let rows = this.counted().orderBy('tags.id', 'desc');
    if (query.after !== undefined) rows = rows.where('tags.id', '<', query.after);
    if (query.scheme !== undefined) rows = rows.where('tags.scheme', '=', query.scheme);
    if (query.q !== undefined) rows = rows.where('tags.name', 'ilike', `%${query.q.replace(/[\\%_]/g, '\\$&')}%`);
    return rows.limit(query.limit + 1).execute();
  }

  async get(id: string): Promise<TagRow | undefined> {
    return this.counted().where('tags.id', '=', id).executeTakeFirst();
  }

  private counted() {
    return this.database.db
      .selectFrom('tags')
      .selectAll('tags')
      .select(
        sql<number>`(SELECT count(*) FROM story_tags st JOIN stories s ON s.id = st.story_id
                      WHERE st.tag_id = tags.id AND s.status = 'published')`.as('stories'),
      );
  }
}
