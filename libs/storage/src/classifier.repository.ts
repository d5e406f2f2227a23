/** The classifier of topics: what it may learn from, its versions, and whose turn it is to train. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { Database } from './database.js';
import type { ClassifierLanguage, ClassifierStateTable, ClassifierTopic, ClassifierVersionsTable } from './schema.js';

/** A story that people gave topics: partners by their categories, operators. */
export interface LabelledStory {
  id: string;
  sortAt: Date;
  topics: { slug: string; name: string }[];
}

export interface StoryText {
  title: string;
  bodyText: string;
  language: string | null;
}

/** A training's outcome. `packed` null: not good enough. `isPresentGood` null: nothing is known against the one in use. */
export interface TrainedVersion {
  packed: Buffer | Uint8Array | null;
  samples: number;
  trainedSamples: number;
  testedSamples: number;
  newestSampleAt: Date | null;
  bar: number;
  precision: number | null;
  coverage: number;
  topics: ClassifierTopic[];
  languages: ClassifierLanguage[];
  isPresentGood: boolean | null;
  seconds: number;
}

export type ClassifierVersionRow = Omit<Selectable<ClassifierVersionsTable>, 'model'>;
export type ClassifierStateRow = Selectable<ClassifierStateTable>;

/** How often it is looked whether there is enough new to learn from. */
const LOOK_EVERY_HOURS = 6;
const KEPT_VERSIONS = 50;
/** Stories of a topic that are read for each that may teach: of one that machines give a million times, not all are looked through. */
const READ_A_LESSON = 10;
const NOT_THE_MODEL = [
  ...(['version', 'status', 'reason', 'samples', 'trained_samples', 'tested_samples', 'newest_sample_at'] as const),
  ...(['bar', 'precision', 'coverage', 'topics', 'languages', 'seconds', 'created_at'] as const),
] as const;

/** Sources of tags that people vouch for; a classifier that learnt from itself would only grow surer. */
const BY_PEOPLE = sql`(st.source LIKE 'partner category%' OR st.source LIKE 'operator%')`;

@Injectable()
export class ClassifierRepository {
  constructor(private readonly database: Database) {}

  /** Undefined while none is in use. */
  async versionInUse(): Promise<number | undefined> {
    const { rows } = await sql<{ version: number }>`
      SELECT version FROM classifier_versions WHERE status = 'active' AND (SELECT enabled FROM classifier_state)`.execute(
      this.database.db,
    );
    return rows[0]?.version;
  }

  async model(version: number): Promise<Buffer | undefined> {
    const row = await this.database.db
      .selectFrom('classifier_versions')
      .select('model')
      .where('version', '=', version)
      .executeTakeFirst();
    return row?.model ?? undefined;
  }

  async activeModel(): Promise<Buffer | undefined> {
    const row = await this.database.db
      .selectFrom('classifier_versions')
      .select('model')
      .where('status', '=', 'active')
      .executeTakeFirst();
    return row?.model ?? undefined;
  }

  async state(): Promise<ClassifierStateRow> {
    return this.database.db.selectFrom('classifier_state').selectAll().executeTakeFirstOrThrow();
  }

  /** Newest first, without their models. */
  async versions(limit: number): Promise<ClassifierVersionRow[]> {
    return this.database.db
      .selectFrom('classifier_versions')
      .select(NOT_THE_MODEL)
      .orderBy('version', 'desc')
      .limit(limit)
      .execute();
  }

  async lastVersion(): Promise<{ version: number; samples: number; newestSampleAt: Date | null } | undefined> {
    return this.database.db
      .selectFrom('classifier_versions')
      .select(['version', 'samples', 'newest_sample_at as newestSampleAt'])
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  async setEnabled(enabled: boolean): Promise<void> {
    await this.database.db.updateTable('classifier_state').set({ enabled }).execute();
  }

  /** A training is begun by the next processor that looks, however little is new. */
  async want(): Promise<void> {
    await this.database.db
      .updateTable('classifier_state')
      .set({ wanted_at: sql`now()` })
      .execute();
  }

  /** Takes the turn to look, or to train because somebody wants it; undefined when it is nobody's turn or another's. */
  async claim(leaseSeconds: number): Promise<{ token: string; isWanted: boolean } | undefined> {
    const token = randomUUID();
    const { rows } = await sql<{ isWanted: boolean }>`
      UPDATE classifier_state
         SET lease_token = ${token}, lease_until = now() + ${leaseSeconds} * interval '1 second'
       WHERE (lease_until IS NULL OR lease_until < now()) AND (wanted_at IS NOT NULL OR next_look_at <= now())
      RETURNING wanted_at IS NOT NULL AS "isWanted"`.execute(this.database.db);
    return rows[0] === undefined ? undefined : { token, isWanted: rows[0].isWanted };
  }

  /** Ends a turn with what came of it; without a note the turn is free again as if nobody had taken it. */
  async release(token: string, note: string | undefined): Promise<void> {
    const done =
      note === undefined
        ? sql``
        : sql`, wanted_at = NULL, next_look_at = now() + ${LOOK_EVERY_HOURS} * interval '1 hour', note = ${note}, noted_at = now()`;
    await sql`
      UPDATE classifier_state SET lease_token = NULL, lease_until = NULL ${done}
       WHERE lease_token = ${token}`.execute(this.database.db);
  }

  /**
   * The newest stories that people gave topics, at most `aTopic` of one and `most` in all, oldest first. Read topic by
   * topic along an index, so that the cost does not grow with the archive.
   */
  async labelledStories(aTopic: number, most: number): Promise<LabelledStory[]> {
    const { rows } = await sql<LabelledStory>`
      SELECT l.story_id AS id, l.sort_at AS "sortAt",
             json_agg(json_build_object('slug', l.slug, 'name', l.name) ORDER BY l.slug) AS topics
        FROM (SELECT t.slug, t.name, n.story_id, n.sort_at
                FROM tags t
               CROSS JOIN LATERAL (SELECT st.story_id, st.sort_at
                                     FROM (SELECT * FROM story_tags WHERE tag_id = t.id
                                            ORDER BY sort_at DESC, story_id DESC LIMIT ${aTopic * READ_A_LESSON}) st
                                    WHERE ${BY_PEOPLE}
                                    ORDER BY st.sort_at DESC, st.story_id DESC LIMIT ${aTopic}) n
               WHERE t.scheme = 'topic') l
        JOIN stories s ON s.id = l.story_id AND s.status = 'published' AND NOT s.is_demo
       GROUP BY l.story_id, l.sort_at
       ORDER BY l.sort_at DESC, l.story_id DESC LIMIT ${most}`.execute(this.database.db);
    return rows.reverse();
  }

  /** The beginnings of stories' texts by id; those that are gone are not there. */
  async texts(ids: readonly string[], length: number): Promise<Map<string, StoryText>> {
    const { rows } = await sql<StoryText & { id: string }>`
      SELECT id, title, left(body_text, ${length}) AS "bodyText", language FROM stories
       WHERE id = ANY(${ids}::uuid[])`.execute(this.database.db);
    return new Map(rows.map(({ id, ...text }) => [id, text]));
  }

  /**
   * Stores a version, in use from now on when it is good; when it is not, the present one stays only while it is.
   * Undefined when the turn was lost.
   */
  async store(token: string, trained: TrainedVersion): Promise<{ version: number; reason: string } | undefined> {
    return this.database.transaction(async (trx) => {
      const held = await trx
        .selectFrom('classifier_state')
        .select('lease_token')
        .where('lease_token', '=', token)
        .forUpdate()
        .executeTakeFirst();
      if (held === undefined) return undefined;
      const last = await trx
        .selectFrom('classifier_versions')
        .select((row) => row.fn.max('version').as('version'))
        .executeTakeFirst();
      const version = Number(last?.version ?? 0) + 1;
      const isGood = trained.packed !== null;
      if (isGood || trained.isPresentGood === false)
        await trx
          .updateTable('classifier_versions')
          .set({
            status: 'retired',
            reason: isGood ? `version ${version} took its place` : 'it was right too seldom on the newest items',
            model: null,
          })
          .where('status', '=', 'active')
          .execute();
      const reason = reasonOf(trained);
      await trx
        .insertInto('classifier_versions')
        .values({
          version,
          status: isGood ? 'active' : 'refused',
          reason,
          samples: trained.samples,
          trained_samples: trained.trainedSamples,
          tested_samples: trained.testedSamples,
          newest_sample_at: trained.newestSampleAt,
          bar: trained.bar,
          precision: trained.precision,
          coverage: trained.coverage,
          topics: JSON.stringify(trained.topics),
          languages: JSON.stringify(trained.languages),
          model: trained.packed === null ? null : Buffer.from(trained.packed),
          seconds: trained.seconds,
        })
        .execute();
      await trx
        .deleteFrom('classifier_versions')
        .where('version', '<=', version - KEPT_VERSIONS)
        .where('status', '<>', 'active')
        .execute();
      return { version, reason };
    });
  }
}

function reasonOf({ packed, precision, bar, testedSamples, coverage }: TrainedVersion): string {
  if (precision === null) return `not used: no topic reached a precision of ${bar} on ${testedSamples} held-out items`;
  const share = `precision ${precision.toFixed(3)} on ${testedSamples} held-out items, coverage ${coverage.toFixed(2)}`;
  return packed === null ? `not used: ${share}; ${bar} is asked for, in languages with enough samples` : share;
}
