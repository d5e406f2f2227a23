/** Replays as operators ask for them, watch and stop them: an endpoint's deliveries of a span of time are sent again. */
import { Inject, Injectable } from '@nestjs/common';
import { type Selectable, sql, type Transaction } from 'kysely';
import { CONFIG, type Config } from '#config/config.js';
import type { EventType } from '#contracts/events.js';
import { EndpointBoxes } from '#domain/endpoint-boxes.js';
import { Database } from './database.js';
import { deliveriesKeptSince } from './delivery-retention.js';
import { freezeOutcomes, liveOutcomes } from './replay-outcomes.js';
import { canBeMadeDue, firstCursor, inSpan, isAskedFor, isOfTypes, type ReplaySelection } from './replay-selection.js';
import { stopReplay } from './replay-stop.js';
import type { ReplayOutcome, ReplaysTable, Schema } from './schema.js';
import { MAY_BE_TOLD } from './silenced-events.js';
import { uuidV7 } from './uuid.js';

/** A replay with what has become of its deliveries by now. */
export type ReplayRow = Omit<Selectable<ReplaysTable>, 'cursor_delivery_id' | 'is_read' | 'paced_at' | 'outcome'> & {
  outcome: ReplayOutcome;
};

export interface NewReplay {
  endpointId: string;
  since: Date;
  until: Date;
  onlyFailed: boolean;
  types: EventType[] | null;
  /** Another address than the endpoint's, or null. */
  url: string | null;
  ratePerMinute: number;
  /** Who asked, for the record. */
  requestedBy: string;
  /** Counting ends after so many deliveries, asked for or not; absent: only after many that are. */
  mostLookedAt?: number | undefined;
}

/** What a replay would send. `isFloor`: counting stopped, there is more. */
export interface ReplayCount {
  toSend: number;
  /** Its text may not be passed on any more. */
  leftOut: number;
  /** On its way anyway. */
  underWay: number;
  isFloor: boolean;
  /** Deliveries of events before this moment are not kept any more; null: the whole span is. */
  nothingBefore: Date | null;
}

export type ReplayRefusal =
  | { refused: 'no-endpoint' }
  | { refused: 'endpoint-away' }
  | { refused: 'not-kept'; keptSince: Date }
  | { refused: 'under-way'; id: string };

/** Replays that are over and kept for reading, an endpoint. */
const KEPT_REPLAYS = 200;
/** Counting more takes seconds, and nobody needs it to the unit. */
const MOST_COUNTED = 500_000;
const COLUMNS = [
  'id',
  'endpoint_id',
  'target_id',
  'url',
  'status',
  'status_reason',
  'since',
  'until',
  'nothing_before',
  'only_failed',
  'types',
  'rate_per_minute',
  'requested_by',
  'total',
  'total_is_floor',
  'made_due',
  'left_out',
  'under_way',
  'outcome',
  'created_at',
  'finished_at',
] as const;

@Injectable()
export class ReplayRepository {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** What such a replay would send at this moment; nothing is written. */
  async count(replay: NewReplay): Promise<ReplayCount | ReplayRefusal> {
    const endpoint = await this.database.db
      .selectFrom('endpoints')
      .select('status')
      .where('id', '=', replay.endpointId)
      .where('replay_of', 'is', null)
      .executeTakeFirst();
    if (endpoint === undefined) return { refused: 'no-endpoint' };
    if (endpoint.status === 'disabled') return { refused: 'endpoint-away' };
    const keptSince = await deliveriesKeptSince(this.database.db);
    if (keptSince !== null && replay.until <= keptSince) return { refused: 'not-kept', keptSince };
    const selection = selectionOf(replay);
    const { mostLookedAt } = replay;
    // In the order of the index, so that the end is the end of the work as well.
    const ofEndpoint = sql`SELECT event_id, status, attempts, next_attempt_at FROM deliveries WHERE endpoint_id = ${replay.endpointId}`;
    const some = sql`${ofEndpoint} AND id >= ${firstCursor(replay.since)} ORDER BY id LIMIT ${mostLookedAt ?? 0}`;
    const { rows } = await sql<{ toSend: number; leftOut: number; underWay: number; seen: number; looked: number }>`
      ${mostLookedAt === undefined ? sql`` : sql`WITH looked AS MATERIALIZED (${some})`}
      SELECT count(*) FILTER (WHERE told AND free)::int AS "toSend",
        count(*) FILTER (WHERE NOT told)::int AS "leftOut",
        count(*) FILTER (WHERE told AND NOT free)::int AS "underWay", count(*)::int AS seen,
        ${mostLookedAt === undefined ? sql`0` : sql`(SELECT count(*)::int FROM looked)`} AS looked
      FROM (
        SELECT ${MAY_BE_TOLD} AS told, ${canBeMadeDue(selection)} AS free
        FROM ${mostLookedAt === undefined ? sql`(${ofEndpoint})` : sql`looked`} d JOIN events e ON e.id = d.event_id
        WHERE ${inSpan(selection)} AND ${isAskedFor(selection)}
          AND ${isOfTypes(selection)}
        LIMIT ${MOST_COUNTED}) asked`.execute(this.database.db);
    const { seen, looked, ...counts } = rows[0] ?? { toSend: 0, leftOut: 0, underWay: 0, seen: 0, looked: 0 };
    const nothingBefore = keptSince !== null && replay.since < keptSince ? keptSince : null;
    return { ...counts, isFloor: seen === MOST_COUNTED || looked === mostLookedAt, nothingBefore };
  }

  /** Begins a replay; the publisher takes its first step within a moment. One an endpoint is under way at a time. */
  async create(replay: NewReplay): Promise<ReplayRow | ReplayRefusal> {
    const count = await this.count(replay);
    if ('refused' in count) return count;
    const id = uuidV7();
    const targetId = replay.url === null ? replay.endpointId : uuidV7();
    const taken = await this.database.transaction(async (trx) => {
      const copied = await keysOf(trx, replay.endpointId);
      if (copied === undefined) return 'no-endpoint';
      // Before its deliveries are taken over, a former replay says what became of them.
      await freezeOutcomes(trx, replay.endpointId);
      const added = await trx
        .insertInto('replays')
        .values({
          id,
          endpoint_id: replay.endpointId,
          target_id: targetId,
          url: replay.url,
          since: replay.since,
          until: replay.until,
          nothing_before: count.nothingBefore,
          only_failed: replay.onlyFailed,
          types: replay.types,
          rate_per_minute: replay.ratePerMinute,
          requested_by: replay.requestedBy,
          total: count.toSend,
          total_is_floor: count.isFloor,
          cursor_delivery_id: firstCursor(replay.since),
          paced_at: sql`now() - make_interval(secs => 60.0 / ${replay.ratePerMinute}::int)`,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (added.numInsertedOrUpdatedRows === 0n) return 'under-way';
      if (replay.url !== null) await this.addCopy(trx, copied, { id: targetId, url: replay.url });
      await sql`DELETE FROM replays WHERE endpoint_id = ${replay.endpointId} AND status <> 'running' AND id < (
        SELECT id FROM replays WHERE endpoint_id = ${replay.endpointId} AND status <> 'running'
        ORDER BY id DESC OFFSET ${KEPT_REPLAYS} LIMIT 1)`.execute(trx);
      return 'begun';
    });
    if (taken === 'no-endpoint') return { refused: 'no-endpoint' };
    if (taken === 'under-way') return this.underWay(replay);
    return (await this.get(replay.endpointId, id)) ?? { refused: 'no-endpoint' };
  }

  /** Newest first; one row more than `limit` when there is more. */
  async list(endpointId: string, { limit, after }: { limit: number; after?: string }): Promise<ReplayRow[]> {
    let query = this.database.db.selectFrom('replays').select(COLUMNS).where('endpoint_id', '=', endpointId);
    if (after !== undefined) query = query.where('id', '<', after);
    const rows = await query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const live = await liveOutcomes(
      this.database.db,
      rows.filter((row) => row.outcome === null).map((row) => row.id),
    );
    return rows.map((row) => ({ ...row, outcome: row.outcome ?? live(row.id) }));
  }

  async get(endpointId: string, id: string): Promise<ReplayRow | undefined> {
    const row = await this.database.db
      .selectFrom('replays')
      .select(COLUMNS)
      .where('id', '=', id)
      .where('endpoint_id', '=', endpointId)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return { ...row, outcome: row.outcome ?? (await liveOutcomes(this.database.db, [id]))(id) };
  }

  /** Ends a replay; see `stopReplay`. Answers it as it is now, undefined when there is none. */
  async stop(endpointId: string, id: string, by: string): Promise<ReplayRow | undefined> {
    if (!(await stopReplay(this.database.db, { endpointId, id, by }))) return undefined;
    return this.get(endpointId, id);
  }

  private async underWay(replay: NewReplay): Promise<ReplayRow | ReplayRefusal> {
    const open = await this.database.db
      .selectFrom('replays')
      .select('id')
      .where('endpoint_id', '=', replay.endpointId)
      .where('status', '=', 'running')
      .executeTakeFirst();
    // It ended in this very moment: there is room for the new one.
    return open === undefined ? this.create(replay) : { refused: 'under-way', id: open.id };
  }

  /**
   * A hidden endpoint with the same keys and body at another address, so that its deliveries, pace and failures are its own.
   * Its own headers stay behind: they are credentials for the other address.
   */
  private async addCopy(
    trx: Transaction<Schema>,
    { id: originalId, ...original }: KeysOfEndpoint,
    copy: { id: string; url: string },
  ): Promise<void> {
    const before = new EndpointBoxes(this.config.secretKey, originalId);
    const after = new EndpointBoxes(this.config.secretKey, copy.id);
    await trx
      .insertInto('endpoints')
      .values({
        ...original,
        ...copy,
        description: `replay of ${originalId}`,
        // Asks for nothing: only its replay makes deliveries for it.
        event_types: [],
        replay_of: originalId,
        secret_sealed: after.sealKey(before.openKey(original.secret_sealed)),
        former_keys_sealed: after.sealFormerKeys(before.openFormerKeys(original.former_keys_sealed)),
      })
      .execute();
  }
}

/** What a copy at another address has in common with its endpoint. */
type KeysOfEndpoint = NonNullable<Awaited<ReturnType<typeof keysOf>>>;

/** Held until the transaction ends, so that the endpoint stays. */
async function keysOf(trx: Transaction<Schema>, endpointId: string) {
  return trx
    .selectFrom('endpoints')
    .select([
      'id',
      'secret_sealed',
      'former_keys_sealed',
      'former_keys_until',
      'signing',
      'public_key',
      'body_form',
      'ordered',
      'max_in_flight',
      'partner_id',
    ])
    .where('id', '=', endpointId)
    .forKeyShare()
    .executeTakeFirst();
}

function selectionOf({ since, until, onlyFailed, types, url }: NewReplay): ReplaySelection {
  return { since, until, onlyFailed, types, isElsewhere: url !== null };
}
