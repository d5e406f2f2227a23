/** The log of events in the order of their sequence numbers: what endpoints were told, for those who rather ask. */
import { Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import type { EventType } from '#contracts/events.js';
import { Database } from './database.js';
import type { EventsTable } from './schema.js';
import { TAKEN_BACK } from './silenced-events.js';

/** An event that has its number. */
export type EventLogRow = Pick<
  Selectable<EventsTable>,
  'id' | 'type' | 'story_id' | 'story_version' | 'body' | 'quiet_reason' | 'correlation_id' | 'created_at'
> & {
  seq: number;
  fanned_out_at: Date | null;
  /** Its text may not be passed on any more. */
  taken_back: boolean;
};

export interface EventLogQuery {
  limit: number;
  /** Only events with a greater number. */
  sinceSeq: number;
  types?: EventType[] | undefined;
  storyId?: string | undefined;
  /** True: only those no endpoint is told of; false: only the others. */
  quiet?: boolean | undefined;
}

@Injectable()
export class EventLogRepository {
  constructor(private readonly database: Database) {}

  /** Oldest first; one row more than `limit` when there is more. */
  async since({ limit, sinceSeq, types, storyId, quiet }: EventLogQuery): Promise<EventLogRow[]> {
    let query = this.numbered().where('seq', '>', sinceSeq).orderBy('seq');
    if (types !== undefined) query = query.where('type', 'in', types);
    if (storyId !== undefined) query = query.where('story_id', '=', storyId);
    if (quiet !== undefined) query = query.where('quiet_reason', quiet ? 'is not' : 'is', null);
    return query.limit(limit + 1).execute();
  }

  /**
   * The greatest number that was given so far. Read from the sequence itself, which no transaction hides: what any process has
   * shown to anybody is never beyond it.
   */
  async newestSeq(): Promise<number> {
    const { rows } = await sql<{ newest: number }>`
      SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS newest FROM event_seq`.execute(this.database.db);
    return rows[0]?.newest ?? 0;
  }

  async get(id: string): Promise<EventLogRow | undefined> {
    return this.numbered().where('id', '=', id).executeTakeFirst();
  }

  private numbered() {
    return this.database.db
      .selectFrom('events as e')
      .select([
        'id',
        'type',
        'story_id',
        'story_version',
        'body',
        'quiet_reason',
        'correlation_id',
        'created_at',
        'seq',
        'fanned_out_at',
        TAKEN_BACK.as('taken_back'),
      ])
      .where('seq', 'is not', null)
      .$narrowType<{ seq: number }>();
  }
}
