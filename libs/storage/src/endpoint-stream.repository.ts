/** What an endpoint is told, in the order of sequence numbers, for a receiver who rather asks than is called. */
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from './database.js';
import { deliveriesKeptSince } from './delivery-retention.js';
import type { EventLogRow } from './event-log.repository.js';
import { MAY_BE_TOLD } from './silenced-events.js';

/** An event that the endpoint is told of, under the webhook-id that it is told under. */
export type StreamEvent = EventLogRow & { webhook_id: string };

/** `nextSince`: all up to this number was looked at. `hasMore`: and not all there is. */
export interface StreamPage {
  items: StreamEvent[];
  nextSince: number;
  hasMore: boolean;
}

/** Events looked at in a step: of most endpoints' filters few of them fit. */
const LOOKED_AT = 1_000;
/** Steps of one request; then the asker goes on from `nextSince`. */
const STEPS = 10;

@Injectable()
export class EndpointStreamRepository {
  constructor(private readonly database: Database) {}

  /**
   * The endpoint's events after `since`. Its deliveries say which: that was decided when the event was published, whatever
   * became of them, and whether the endpoint is active or paused. Events behind one whose deliveries are not made yet are not
   * shown before that one is, so that whoever goes on from `nextSince` misses nothing. What may not be passed on any more is
   * left out.
   */
  async read(endpointId: string, since: number, limit: number): Promise<StreamPage> {
    const page: StreamPage = { items: [], nextSince: since, hasMore: true };
    for (let steps = 0; steps < STEPS && page.hasMore && page.items.length === 0; steps += 1) {
      const seen = await this.look(endpointId, page.nextSince);
      const told = seen.filter((event) => event.webhookId !== null);
      const shown = told.slice(0, limit);
      page.items = await this.load(new Map(shown.map(({ id, webhookId }) => [id, webhookId ?? ''])));
      const isCut = told.length > limit;
      page.nextSince = (isCut ? shown : seen).at(-1)?.seq ?? page.nextSince;
      page.hasMore = isCut || seen.length === LOOKED_AT;
    }
    return page;
  }

  /** Null: the events after `since` are all there. A number: some are not kept any more, all after this number are. */
  async firstKept(since: number): Promise<number | null> {
    const keptSince = await deliveriesKeptSince(this.database.db);
    if (keptSince === null) return null;
    const { rows } = await sql<{ isGone: boolean; firstKept: number | null }>`
      SELECT (SELECT id < uuid_v7_floor(${keptSince}::timestamptz) FROM events WHERE seq > ${since} ORDER BY seq LIMIT 1)
          AS "isGone",
        (SELECT seq - 1 FROM events WHERE id >= uuid_v7_floor(${keptSince}::timestamptz) AND seq IS NOT NULL
          ORDER BY id LIMIT 1) AS "firstKept"`.execute(this.database.db);
    const [row] = rows;
    if (row === undefined || !row.isGone) return null;
    // Numbers and ids differ in their order by moments: what was passed over on the way is gone, and no reason to go back.
    if (row.firstKept !== null && since >= row.firstKept) return null;
    return row.firstKept ?? Number((await this.mark()).split('/')[0]);
  }

  /** Changes with each batch of events whose deliveries are made. */
  async mark(): Promise<string> {
    const { rows } = await this.database.prepared(sql<{ published: number; waiting: number }>`
      SELECT coalesce((SELECT seq FROM events WHERE seq IS NOT NULL AND fanned_out_at IS NOT NULL ORDER BY seq DESC LIMIT 1), 0)
          AS published,
        coalesce((SELECT min(seq) FROM events WHERE seq IS NOT NULL AND fanned_out_at IS NULL), 0) AS waiting`);
    return `${rows[0]?.published ?? 0}/${rows[0]?.waiting ?? 0}`;
  }

  private async look(endpointId: string, since: number) {
    const { rows } = await sql<{ id: string; seq: number; webhookId: string | null }>`
      SELECT e.id, e.seq, CASE WHEN d.webhook_id IS NOT NULL AND ${MAY_BE_TOLD} THEN d.webhook_id END AS "webhookId"
      FROM (SELECT id, seq, type, story_id, quiet_reason FROM events WHERE seq > ${since}
              AND seq < coalesce((SELECT min(seq) FROM events WHERE seq IS NOT NULL AND fanned_out_at IS NULL), 9223372036854775807)
            ORDER BY seq LIMIT ${LOOKED_AT}) e
      LEFT JOIN LATERAL (SELECT webhook_id FROM deliveries WHERE event_id = e.id AND endpoint_id = ${endpointId} LIMIT 1) d
        ON true
      ORDER BY e.seq`.execute(this.database.db);
    return rows;
  }

  private async load(webhookIds: Map<string, string>): Promise<StreamEvent[]> {
    if (webhookIds.size === 0) return [];
    const { rows } = await sql<EventLogRow>`
      SELECT id, type, story_id, story_version, body, quiet_reason, correlation_id, created_at, seq, fanned_out_at,
        false AS taken_back FROM events e
      WHERE id = ANY(${[...webhookIds.keys()]}::uuid[]) AND ${MAY_BE_TOLD} ORDER BY seq`.execute(this.database.db);
    return rows.map((row) => ({ ...row, webhook_id: webhookIds.get(row.id) ?? '' }));
  }
}
