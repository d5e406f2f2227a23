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
      SELECT s.id, s.slug, s.title, s.source_name AS "sourceName", s.language, s.sort_at AS "sortAt",
             n.story_id AS "nearestStoryId", CASE WHEN n.story_id IS NOT NULL THEN c.likeness END AS likeness,
             CASE WHEN n.story_id IS NOT NULL THEN c.words ELSE '{}' END AS words
        FROM story_clusters own
        JOIN story_clusters c ON c.cluster_id = own.cluster_id AND c.story_id <> own.story_id
        LEFT JOIN story_clusters n ON n.story_id = c.nearest_story_id AND n.cluster_id = c.cluster_id
        JOIN stories s ON s.id = c.story_id AND s.status = 'published'
       WHERE own.story_id = ${storyId}
       ORDER BY abs(extract(epoch FROM c.published_at - own.published_at)), s.id LIMIT ${sql.lit(limit)}`);
    return rows;
  }

  /** Undefined while the story was not compared yet, or is not shown. The story that it was most like may be gone or elsewhere since. */
  async place(storyId: string): Promise<StoryPlace | undefined> {
    const { rows } = await sql<StoryPlace>`
      SELECT c.cluster_id AS "clusterId", n.story_id AS "nearestStoryId",
             CASE WHEN n.story_id IS NOT NULL THEN c.likeness END AS likeness,
             CASE WHEN n.story_id IS NOT NULL THEN c.words ELSE '{}' END AS words
        FROM story_clusters c
        LEFT JOIN story_clusters n ON n.story_id = c.nearest_story_id AND n.cluster_id = c.cluster_id
       WHERE c.story_id = ${storyId}`.execute(this.database.db);
    return rows[0];
  }
}
