/** Where partner sites receive webhooks: what operators do with endpoints, and what attempts say about their health. */
import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { CONFIG, type Config } from '#config/config.js';
import type { EndpointFilter } from '#contracts/channel-filter.js';
import type { EventType } from '#contracts/events.js';
import { sealSecret } from '#domain/secret-box.js';
import { formatSecret } from '#domain/webhook-signature.js';
import { Database } from './database.js';
import type { EndpointsTable } from './schema.js';
import { uuidV7 } from './uuid.js';

/** An endpoint as operators see it: everything but its secret. */
export type EndpointRow = Omit<Selectable<EndpointsTable>, 'secret_sealed'>;

export interface NewEndpoint {
  url: string;
  description: string;
  eventTypes: EventType[];
  filter: EndpointFilter;
  /** Deliveries under way at once; absent: the table's default. */
  maxInFlight?: number | undefined;
  isDemo: boolean;
}

/** Absent fields stay as they are. Making an endpoint active again forgets its failures. */
export interface EndpointPatch {
  url?: string | undefined;
  description?: string | undefined;
  eventTypes?: EventType[] | undefined;
  filter?: EndpointFilter | undefined;
  maxInFlight?: number | undefined;
  status?: 'active' | 'paused' | 'disabled' | undefined;
}

const SECRET_BYTES = 32;
const NONCE_BYTES = 12;
const COLUMNS = [
  'id',
  'url',
  'description',
  'event_types',
  'filter',
  'status',
  'status_reason',
  'since_seq',
  'max_in_flight',
  'is_demo',
  'first_failure_at',
  'last_success_at',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof EndpointsTable)[];

@Injectable()
export class EndpointRepository {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The endpoint starts with the next event. Its secret (`whsec_…`) is answered here and never again. */
  async create(endpoint: NewEndpoint): Promise<{ endpoint: EndpointRow; secret: string }> {
    const id = uuidV7();
    const secret = formatSecret(randomBytes(SECRET_BYTES));
    const row = await this.database.db
      .insertInto('endpoints')
      .values({
        id,
        url: endpoint.url,
        description: endpoint.description,
        secret_sealed: sealSecret(secret, this.config.secretKey, id, randomBytes(NONCE_BYTES)),
        event_types: endpoint.eventTypes,
        filter: JSON.stringify(endpoint.filter),
        is_demo: endpoint.isDemo,
        ...(endpoint.maxInFlight === undefined ? {} : { max_in_flight: endpoint.maxInFlight }),
        since_seq: sql<number>`(SELECT coalesce(max(seq), 0) FROM events)`,
      })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    return { endpoint: row, secret };
  }

  /** Newest first. `cursor` is a `nextCursor` of before. */
  async list({ limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<{
    items: EndpointRow[];
    nextCursor: string | null;
  }> {
    let query = this.database.db.selectFrom('endpoints').select(COLUMNS).orderBy('id', 'desc');
    if (cursor !== undefined) query = query.where('id', '<', cursor);
    const rows = await query.limit(limit + 1).execute();
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  async get(id: string): Promise<EndpointRow | undefined> {
    return this.database.db.selectFrom('endpoints').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  }

  /** Answers the endpoint as it is now; undefined when there is none. */
  async update(id: string, patch: EndpointPatch): Promise<EndpointRow | undefined> {
    return this.database.db
      .updateTable('endpoints')
      .set({
        updated_at: sql`now()`,
        ...(patch.url === undefined ? {} : { url: patch.url }),
        ...(patch.description === undefined ? {} : { description: patch.description }),
        ...(patch.eventTypes === undefined ? {} : { event_types: patch.eventTypes }),
        ...(patch.filter === undefined ? {} : { filter: JSON.stringify(patch.filter) }),
        ...(patch.maxInFlight === undefined ? {} : { max_in_flight: patch.maxInFlight }),
        ...(patch.status === undefined ? {} : statusChange(patch.status)),
      })
      .where('id', '=', id)
      .returning(COLUMNS)
      .executeTakeFirst();
  }

  /**
   * Ends the endpoint; its deliveries and attempts stay as history. What is still pending is cancelled by the publisher
   * within a second. False when there is no such endpoint.
   */
  async remove(id: string): Promise<boolean> {
    const result = await this.database.db.deleteFrom('endpoints').where('id', '=', id).executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  /** The demo is over: its receivers get nothing more. */
  async disableDemo(): Promise<void> {
    await this.database.db
      .updateTable('endpoints')
      .set({ status: 'disabled', status_reason: 'the demo has ended', updated_at: sql`now()` })
      .where('is_demo', '=', true)
      .where('status', '!=', 'disabled')
      .execute();
  }
}

function statusChange(status: 'active' | 'paused' | 'disabled') {
  if (status === 'active') return { status, status_reason: null, first_failure_at: null };
  return { status, status_reason: `${status} by an operator` };
}
