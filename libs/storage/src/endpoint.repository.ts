/** Where partner sites receive webhooks: what operators do with endpoints. */
import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import { CONFIG, type Config } from '#config/config.js';
import type { EndpointFilter } from '#contracts/channel-filter.js';
import type { EventType } from '#contracts/events.js';
import { EndpointBoxes } from '#domain/endpoint-boxes.js';
import { ownHeadersProblem } from '#domain/own-headers.js';
import { formatKeyPair, formatSecret, type Signing } from '#domain/webhook-signature.js';
import { type AccessScope, opens } from './access-token.repository.js';
import { Database } from './database.js';
import { addEndpointDisabled } from './endpoint-events.js';
import type { EndpointsTable } from './schema.js';
import { uuidV7 } from './uuid.js';

/** An endpoint as operators see it: everything but what is sealed. */
export type EndpointRow = Omit<
  Selectable<EndpointsTable>,
  | 'secret_sealed'
  | 'former_keys_sealed'
  | 'headers_sealed'
  | 'pinged_at'
  | 'retries_until'
  | 'slow_until'
  | 'rate_tokens'
  | 'rate_at'
  | 'replay_of'
>;

/** What an endpoint says of how it is served. `rateLimitPerMinute` null: as fast as it answers. */
export interface EndpointSettings {
  description?: string | undefined;
  filter?: EndpointFilter | undefined;
  /** Deliveries under way at once; absent: the table's default. */
  maxInFlight?: number | undefined;
  bodyForm?: 'full' | 'thin' | undefined;
  rateLimitPerMinute?: number | null | undefined;
  ordered?: boolean | undefined;
  /** Whose it is; null: the operator's own. */
  partnerId?: string | null | undefined;
}

export interface NewEndpoint extends EndpointSettings {
  url: string;
  eventTypes: EventType[];
  isDemo: boolean;
  signing?: Signing | undefined;
  /** By small names. */
  headers?: Record<string, string> | undefined;
  status?: 'active' | 'paused' | undefined;
}

/** Absent fields stay as they are. Making an endpoint active again forgets its failures. */
export interface EndpointPatch extends EndpointSettings {
  url?: string | undefined;
  eventTypes?: EventType[] | undefined;
  /** Headers to set, by small names; null takes one away. */
  headers?: Record<string, string | null> | undefined;
  status?: 'active' | 'paused' | 'disabled' | undefined;
}

/** `scope`: only what a token opens. */
export interface EndpointQuery {
  limit: number;
  cursor?: string | undefined;
  scope?: AccessScope | undefined;
  partnerId?: string | undefined;
}

/** Thrown when the set of headers grows too large; the message says how. */
export class TooManyHeaders extends Error {}
/** Thrown when `partnerId` names nobody. */
export class NoSuchPartner extends Error {}

const KEY_BYTES = 32;
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
  'failures_in_row',
  'last_failure',
  'circuit_until',
  'circuit_openings',
  'first_failure_at',
  'last_success_at',
  'partner_id',
  'body_form',
  'rate_limit_per_minute',
  'ordered',
  'signing',
  'public_key',
  'former_keys_until',
  'header_names',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof EndpointsTable)[];

@Injectable()
export class EndpointRepository {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The endpoint starts with the next event. Its secret (`whsec_…`) is answered here and never again; one that is signed
   * with ed25519 has none to tell. Throws NoSuchPartner.
   */
  async create(endpoint: NewEndpoint): Promise<{ endpoint: EndpointRow; secret: string | null }> {
    const id = uuidV7();
    const boxes = new EndpointBoxes(this.config.secretKey, id);
    const { key, secret, publicKey } = newKey(endpoint.signing ?? 'hmac');
    const headers = endpoint.headers ?? {};
    const row = await this.database.db
      .insertInto('endpoints')
      .values({
        id,
        url: endpoint.url,
        event_types: endpoint.eventTypes,
        is_demo: endpoint.isDemo,
        signing: endpoint.signing ?? 'hmac',
        secret_sealed: boxes.sealKey(key),
        public_key: publicKey,
        header_names: Object.keys(headers).sort(),
        headers_sealed: boxes.sealHeaders(headers),
        ...settingsOf(endpoint),
        ...(endpoint.status === 'paused' ? statusChange('paused') : {}),
        since_seq: sql<number>`(SELECT coalesce(max(seq), 0) FROM events)`,
      })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow()
      .catch(throwNamed);
    return { endpoint: row, secret };
  }

  /** Newest first. `cursor` is a `nextCursor` of before. */
  async list({ limit, cursor, scope, partnerId }: EndpointQuery): Promise<{
    items: EndpointRow[];
    nextCursor: string | null;
  }> {
    let query = this.database.db
      .selectFrom('endpoints')
      .select(COLUMNS)
      .where('replay_of', 'is', null)
      .orderBy('id', 'desc');
    if (scope !== undefined) query = query.where(opens(scope));
    if (partnerId !== undefined) query = query.where('partner_id', '=', partnerId);
    if (cursor !== undefined) query = query.where('id', '<', cursor);
    const rows = await query.limit(limit + 1).execute();
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  /** Undefined when there is none, or when `scope` does not open it. */
  async get(id: string, scope?: AccessScope): Promise<EndpointRow | undefined> {
    let query = this.database.db
      .selectFrom('endpoints')
      .select(COLUMNS)
      .where('id', '=', id)
      .where('replay_of', 'is', null);
    if (scope !== undefined) query = query.where(opens(scope));
    return query.executeTakeFirst();
  }

  /** Answers the endpoint as it is now; undefined when there is none. Throws NoSuchPartner, TooManyHeaders, LostEndpointSecret. */
  async update(id: string, patch: EndpointPatch): Promise<EndpointRow | undefined> {
    return this.database.transaction(async (trx) => {
      const before = await trx
        .selectFrom('endpoints')
        .select(['status', 'headers_sealed', 'header_names'])
        .where('id', '=', id)
        .where('replay_of', 'is', null)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) return undefined;
      const row = await trx
        .updateTable('endpoints')
        .set({
          updated_at: sql`now()`,
          ...(patch.url === undefined ? {} : { url: patch.url }),
          ...(patch.eventTypes === undefined ? {} : { event_types: patch.eventTypes }),
          ...(patch.headers === undefined ? {} : this.headerChange(id, before, patch.headers)),
          ...settingsOf(patch),
          ...(patch.status === undefined ? {} : statusChange(patch.status)),
        })
        .where('id', '=', id)
        .returning(COLUMNS)
        .executeTakeFirstOrThrow()
        .catch(throwNamed);
      if (row.status === 'disabled' && before.status !== 'disabled') await addEndpointDisabled(trx, id);
      return row;
    });
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

  /** Throws LostEndpointSecret when what stays does not open, TooManyHeaders when there would be too many: the schema checks what comes, this what is left. */
  private headerChange(
    id: string,
    before: { headers_sealed: Buffer | null; header_names: string[] },
    change: Record<string, string | null>,
  ) {
    const boxes = new EndpointBoxes(this.config.secretKey, id);
    // Where every one is replaced nothing need be opened: so they are set again after SECRET_KEY was lost.
    const isReplaced = before.header_names.every((name) => Object.hasOwn(change, name));
    const merged = new Map(isReplaced ? [] : Object.entries(boxes.openHeaders(before.headers_sealed)));
    for (const [name, value] of Object.entries(change)) {
      if (value === null) merged.delete(name);
      else merged.set(name, value);
    }
    const headers = Object.fromEntries(merged);
    const problem = ownHeadersProblem(headers);
    if (problem !== null) throw new TooManyHeaders(problem);
    return { header_names: [...merged.keys()].sort(), headers_sealed: boxes.sealHeaders(headers) };
  }
}

/** `key` is what signs; `secret` what the receiver is told, once; `publicKey` what anyone may know. */
export function newKey(signing: Signing): { key: string; secret: string | null; publicKey: string | null } {
  if (signing === 'ed25519') {
    const { privateKey, publicKey } = formatKeyPair(randomBytes(KEY_BYTES));
    return { key: privateKey, secret: null, publicKey };
  }
  const secret = formatSecret(randomBytes(KEY_BYTES));
  return { key: secret, secret, publicKey: null };
}

function settingsOf(settings: EndpointSettings) {
  const { description, filter, maxInFlight, bodyForm, rateLimitPerMinute, ordered, partnerId } = settings;
  return {
    ...(description === undefined ? {} : { description }),
    ...(filter === undefined ? {} : { filter: JSON.stringify(filter) }),
    ...(maxInFlight === undefined ? {} : { max_in_flight: maxInFlight }),
    ...(bodyForm === undefined ? {} : { body_form: bodyForm }),
    ...(rateLimitPerMinute === undefined ? {} : { rate_limit_per_minute: rateLimitPerMinute }),
    ...(ordered === undefined ? {} : { ordered }),
    ...(partnerId === undefined ? {} : { partner_id: partnerId }),
  };
}

/** Failures forgotten, the circuit closed. */
const FORGIVEN = {
  first_failure_at: null,
  failures_in_row: 0,
  last_failure: null,
  circuit_until: null,
  circuit_openings: 0,
};

function statusChange(status: 'active' | 'paused' | 'disabled') {
  if (status === 'active') return { status, status_reason: null, ...FORGIVEN };
  return { status, status_reason: `${status} by an operator` };
}

function throwNamed(error: unknown): never {
  if ((error as { constraint?: string }).constraint === 'endpoints_partner_id_fkey') throw new NoSuchPartner();
  throw error;
}
