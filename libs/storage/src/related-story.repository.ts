/** Which other stories are on a story's event, for pages and operators. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** A published story of the same cluster. */
export interface RelatedStory {
  id: string;
  slug: string;
  title: string;
  sourceName: string;
  language: string | null;
  sortAt: Date;
  likeness: number | null;
  /** The words that it shares with the story of the cluster it is most like. */
  words: string[];
  nearestStoryId: string | null;
}

/** A story's place among the related: its cluster, and why it is there. */
export interface StoryPlace {
  clusterId: string;
  nearestStoryId: string | null;
  likeness: number | null;
  words: string[];
}

@Injectable()
export class RelatedStoryRepository {
  constructor(private readonly database: Database) {}

  /** The published stories nearest in time to the story, of its cluster; itself not among them. */
  async related(storyId: string, limit: number): Promise<RelatedStory[]> {
    const { rows } = await this.database.prepared(sql<RelatedStory>`
      SELECT s.id, s.slug, s.title, s.source_name AS "sourceName", s.language, s.sort_at AS "sortAt", c.likeness, c.words,
             c.nearest_story_id AS "nearestStoryId"
        FROM story_clusters own
        JOIN story_clusters c ON c.cluster_id = own.cluster_id AND c.story_id <> own.story_id
        JOIN stories s ON s.id = c.story_id AND s.status = 'published'
       WHERE own.story_id = ${storyId}
       ORDER BY abs(extract(epoch FROM c.published_at - own.published_at)), s.id LIMIT ${sql.lit(limit)}`);
    return rows;
  }

  /** Undefined while the story was not compared yet, or is not shown. */
  async place(storyId: string): Promise<StoryPlace | undefined> {
    const { rows } = await sql<StoryPlace>`
      SELECT cluster_id AS "clusterId", nearest_story_id AS "nearestStoryId", likeness, words
        FROM story_clusters WHERE story_id = ${storyId}`.execute(this.database.db);
    return rows[0];
  }
}
