/** What a worker's statements read of a large table, and what they do when a row changes under their hands. */
import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { testConfig } from '../../../test/support/config.js';
import { type TestDatabase, testDatabase } from '../../../test/support/database.js';
import { until } from '../../../test/support/until.js';
import { DeliveryAttemptRepository } from './delivery-attempt.repository.js';
import type { SettledDelivery } from './held-deliveries.js';
import { EndpointRepository } from './endpoint.repository.js';
import { leaseStatement, renewStatement, settleStatement } from './held-deliveries.js';
import { uuidV7 } from './uuid.js';

const EVENTS = 300;
const ENDPOINTS = 40;

let store: TestDatabase;
let attempts: DeliveryAttemptRepository;
let eventIds: string[];
let endpointIds: string[];
const token = randomUUID();

beforeAll(async () => {
  store = await testDatabase();
  attempts = new DeliveryAttemptRepository(store.database);
  eventIds = Array.from({ length: EVENTS }, () => uuidV7());
  const { endpoint } = await new EndpointRepository(store.database, testConfig(store.url)).create({
    ...{ url: 'https://partner.example/', eventTypes: ['story.published'], isDemo: false },
  });
  endpointIds = [endpoint.id, ...Array.from({ length: ENDPOINTS - 1 }, () => randomUUID())];
  await sql`INSERT INTO deliveries (event_id, endpoint_id, id, webhook_id, event_seq, correlation_id, status, next_attempt_at,
      created_at, generation, enqueued_at, lease_token, lease_until)
    SELECT e.id, p.id, gen_random_uuid(), 'msg_x', e.n, 'c', 'delivering', now(), now(), 1, now(), ${token}, now() + interval '1 hour'
      FROM unnest(${eventIds}::uuid[]) WITH ORDINALITY AS e(id, n), unnest(${endpointIds}::uuid[]) AS p(id)`.execute(
    store.database.db,
  );
});
afterAll(() => store.drop());

/** The outcomes of deliveries at the beginning and at the end of all events. */
function outcomes(status: 'delivered' | 'pending', ...which: number[]): SettledDelivery[] {
  return which.map((event) => ({
    ...{ eventId: eventIds.at(event) as string, endpointId: endpointIds[0] as string, token, status },
    ...{ reason: null, nextAttemptAt: null },
    attempt: {
      ...{ id: uuidV7(), startedAt: new Date(), durationMs: 1, httpStatus: 204 },
      ...{ errorClass: null, error: null, responseExcerpt: null },
    },
  }));
}

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

/** Rows of deliveries that a statement looks at; nothing of what it does stays. */
async function rowsRead(statement: RawBuilder<object>, planned: 'force_custom_plan' | 'force_generic_plan') {
  const read = (node: Plan): number =>
    (node['Relation Name']?.startsWith('deliveries') && node['Node Type'].includes('Scan')
      ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
      : 0) + (node.Plans ?? []).reduce((sum, child) => sum + read(child), 0);
  let found = 0;
  const undone = new Error('undone');
  await store.database
    .transaction(async (trx) => {
      await sql`SELECT set_config('plan_cache_mode', ${planned}, true)`.execute(trx);
      const { rows } = await sql<{
        'QUERY PLAN': [{ Plan: Plan }];
      }>`EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`.execute(trx);
      found = read(rows[0]?.['QUERY PLAN'][0].Plan as Plan);
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  return found;
}

describe.each(['of which nothing is known', 'that is known'])('in a table %s', (what) => {
  beforeAll(async () => {
    if (what === 'that is known') await sql`ANALYZE deliveries`.execute(store.database.db);
  });

  test.each(['force_custom_plan', 'force_generic_plan'] as const)(
    'two deliveries with thousands in between are found by their keys (%s)',
    async (planned) => {
      const two = outcomes('delivered', 0, -1);
      const requests = two.map((one) => ({ ...one, generation: 1 }));
      for (const statement of [settleStatement(two), renewStatement(two, 6), leaseStatement(requests, 6)]) {
        const read = await rowsRead(statement, planned);
        expect(read).toBeGreaterThanOrEqual(2);
        expect(read).toBeLessThan(20);
      }
    },
  );
});

test('an outcome that meets a renewal of its own lease is written, once', async () => {
  const [settled] = outcomes('delivered', 5) as [SettledDelivery];
  let written: Promise<Set<string>> | undefined;
  await store.database.transaction(async (trx) => {
    await renewStatement([settled], 60).execute(trx);
    written = attempts.settle([settled]);
    await until('the outcome waits for the renewal', async () => {
      const { rows } = await sql<{ number: number }>`SELECT count(*)::int AS number FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(store.database.db);
      return (rows[0]?.number ?? 0) > 0;
    });
  });
  expect(await written).toEqual(new Set([token]));
  const delivery = await store.database.db
    .selectFrom('deliveries')
    .select(['status', 'attempts', 'lease_token'])
    .where('event_id', '=', settled.eventId)
    .where('endpoint_id', '=', settled.endpointId)
    .executeTakeFirst();
  expect(delivery).toEqual({ status: 'delivered', attempts: 1, lease_token: null });
  const tries = await store.database.db
    .selectFrom('attempts')
    .select('number')
    .where('event_id', '=', settled.eventId)
    .execute();
  expect(tries).toEqual([{ number: 1 }]);
});
