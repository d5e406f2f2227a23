/** Which stories are on one event: what waits to be clustered, who clusters, and what came of it. The processor's side. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';

/** The right to cluster; `generation` counts what was written, so that a holder knows whether its memory is still the truth. */
export interface ClusterLease {
  holder: string;
  generation: number;
}

/** A story that was made or changed. `isShown` false: withdrawn or merged away. */
export interface WaitingStory {
  id: string;
  title: string;
  bodyText: string;
  /** A BCP 47 tag. */
  language: string | null;
  publishedAt: Date;
  isShown: boolean;
  /** The cluster it is in already. */
  clusterId: string | null;
}

export interface StoredCluster {
  storyId: string;
  clusterId: string;
  publishedAt: Date;
  /** Packed words; null leaves what is stored. */
  terms: number[] | null;
  nearestStoryId: string | null;
  likeness: number | null;
  /** Null leaves what is stored. */
  words: string[] | null;
}

/** What one batch of stories changes. */
export interface ClusterWrite {
  /** Rows of the queue that are done with it. */
  queueIds: number[];
  clusters: StoredCluster[];
  /** Stories that are no more shown. */
  gone: string[];
  /** Stories that later ones are no longer compared with. */
  retired: string[];
  /** Whether readers see other related stories than before. */
  isVisible: boolean;
}

const LEASE = sql`interval '10 seconds'`;
/** Beyond this nothing is read of a body: the words come from its beginning. */
const LEAD_CHARACTERS = 4_000;

@Injectable()
export class StoryClusterRepository {
  constructor(private readonly database: Database) {}

  /** Takes or keeps the lane; null while another process has it. */
  async hold(holder: string): Promise<ClusterLease | null> {
    const { rows } = await sql<{ generation: number }>`
      UPDATE story_cluster_lane SET holder = ${holder}, lease_until = now() + ${LEASE}
       WHERE holder = ${holder} OR holder IS NULL OR lease_until < now()
      RETURNING generation`.execute(this.database.db);
    return rows[0] === undefined ? null : { holder, generation: rows[0].generation };
  }

  /** Lets another process have the lane at once. */
  async release(holder: string): Promise<void> {
    await sql`UPDATE story_cluster_lane SET holder = NULL, lease_until = NULL WHERE holder = ${holder}`.execute(
      this.database.db,
    );
  }

  /** Nothing waits. Cheap enough to ask each second. */
  async isIdle(): Promise<boolean> {
    const { rows } = await sql`SELECT 1 FROM story_cluster_queue LIMIT 1`.execute(this.database.db);
    return rows.length === 0;
  }

  /** The stories that later ones are compared with, in the order in which they came. */
  async window(most: number): Promise<{ id: string; clusterId: string; publishedAt: Date; terms: number[] }[]> {
    const { rows } = await sql<{ id: string; clusterId: string; publishedAt: Date; terms: number[] }>`
      SELECT * FROM (
        SELECT story_id AS id, cluster_id AS "clusterId", published_at AS "publishedAt", terms, added_at
          FROM story_clusters WHERE terms IS NOT NULL ORDER BY added_at DESC, story_id DESC LIMIT ${most}) w
       ORDER BY added_at, id`.execute(this.database.db);
    return rows;
  }

  /** The next stories, in the order in which they were written, with the rows of the queue that name them. */
  async next(limit: number): Promise<{ queueIds: number[]; stories: WaitingStory[] }> {
    const { rows } = await sql<Omit<WaitingStory, 'id'> & { id: string | null; queueIds: string[] }>`
      SELECT q.ids AS "queueIds", s.id, s.title, left(s.body_text, ${LEAD_CHARACTERS}) AS "bodyText", s.language,
             s.sort_at AS "publishedAt", s.status = 'published' AS "isShown", c.cluster_id AS "clusterId"
        FROM (SELECT story_id, array_agg(id) AS ids, min(id) AS first
                FROM (SELECT id, story_id FROM story_cluster_queue ORDER BY id LIMIT ${limit}) AS waiting GROUP BY story_id) q
        LEFT JOIN stories s ON s.id = q.story_id LEFT JOIN story_clusters c ON c.story_id = s.id
       ORDER BY q.first`.execute(this.database.db);
    return {
      queueIds: rows.flatMap(({ queueIds }) => queueIds.map(Number)),
      stories: rows.flatMap(({ queueIds: _queueIds, id, ...story }) => (id === null ? [] : [{ id, ...story }])),
    };
  }

  /** All or nothing. False: somebody else has the lane or has written since; then nothing was written. */
  async write({ holder, generation }: ClusterLease, write: ClusterWrite): Promise<boolean> {
    return this.database.transaction(async (trx) => {
      const lane = await sql`
        UPDATE story_cluster_lane SET generation = generation + 1, version = version + ${write.isVisible ? 1 : 0},
               lease_until = now() + ${LEASE}
         WHERE holder = ${holder} AND generation = ${generation} RETURNING generation`.execute(trx);
      if (lane.rows.length === 0) return false;
      if (write.clusters.length > 0)
        await sql`
          INSERT INTO story_clusters AS c (story_id, cluster_id, published_at, terms, nearest_story_id, likeness, words)
            SELECT "storyId", "clusterId", "publishedAt", ARRAY(SELECT json_array_elements_text(terms)::int),
                   "nearestStoryId", likeness, ARRAY(SELECT json_array_elements_text(words))
              FROM json_to_recordset(${JSON.stringify(write.clusters.map(withoutNulls))}::json) AS r("storyId" uuid,
                "clusterId" uuid, "publishedAt" timestamptz, terms json, "nearestStoryId" uuid, likeness real, words json)
             ORDER BY "storyId"
          ON CONFLICT (story_id) DO UPDATE SET cluster_id = excluded.cluster_id, published_at = excluded.published_at,
            terms = CASE WHEN excluded.terms = '{}' THEN c.terms ELSE excluded.terms END,
            nearest_story_id = excluded.nearest_story_id, likeness = excluded.likeness,
            words = CASE WHEN excluded.words = '{}' AND excluded.nearest_story_id IS NOT DISTINCT FROM c.nearest_story_id
                         THEN c.words ELSE excluded.words END,
            clustered_at = now()`.execute(trx);
      if (write.gone.length > 0) await sql`DELETE FROM story_clusters WHERE story_id = ANY(${write.gone})`.execute(trx);
      if (write.retired.length > 0)
        await sql`UPDATE story_clusters SET terms = NULL WHERE story_id = ANY(${write.retired})`.execute(trx);
      await sql`DELETE FROM story_cluster_queue WHERE id = ANY(${write.queueIds})`.execute(trx);
      return true;
    });
  }
}

function withoutNulls({ terms, words, ...rest }: StoredCluster) {
  return { ...rest, terms: terms ?? [], words: words ?? [] };
}
