/** The endpoints of the chaos tests: what each asked for, and whether its own record shows exactly that. */
import { sql } from 'kysely';
import type { StoryEventData } from '#contracts/events.js';
import { webhookId } from '#domain/webhook-id.js';
import type { Database } from '#storage/database.js';
import type { FickleReceivers, Visit } from './fickle-receivers.js';
import type { Hub } from './hub.js';

export interface AskedFor {
  bodyForm?: 'thin';
  ordered?: true;
  events?: ['story.updated'];
  filter?: { partners: string[] } | { tags: string[] };
}

interface Endpoint extends AskedFor {
  id: string;
}

interface FrozenEvent {
  id: string;
  type: string;
  data: StoryEventData;
}

/** Some get everything, some one tag, most one partner; the last fifth in order. */
export function askedFor(site: number, sites: number, tags: string[], partners: string[]): AskedFor {
  const everyone = Math.ceil(sites / 25);
  if (site < everyone) return site % 2 === 0 ? {} : { bodyForm: 'thin' };
  const tag = tags[site - everyone];
  if (tag !== undefined) return { filter: { tags: [tag] } };
  return {
    filter: { partners: [partners[site % partners.length] as string] },
    ...(site >= sites * 0.8 ? { ordered: true } : {}),
    ...(site % 7 === 0 ? { bodyForm: 'thin' } : {}),
    ...(site % 9 === 0 ? { events: ['story.updated'] } : {}),
  };
}

export class ToldEndpoints {
  private readonly endpoints: Endpoint[] = [];

  private constructor(private readonly receivers: FickleReceivers) {}

  static async make(hub: Hub, receivers: FickleReceivers, wishes: AskedFor[]): Promise<ToldEndpoints> {
    const told = new ToldEndpoints(receivers);
    for (const [site, wish] of wishes.entries()) {
      const { status, body } = await hub.api<{ id: string; secret: string }>('POST', '/endpoints', {
        url: receivers.url(site),
        ...wish,
      });
      if (status !== 201) throw new Error(`endpoint ${site}: ${status} ${JSON.stringify(body)}`);
      receivers.know(site, body.secret);
      told.endpoints.push({ ...wish, id: body.id });
    }
    return told;
  }

  /** Every site accepted what it asked for and nothing else, each event under one id, and the ordered ones in order. */
  async verify(database: Database): Promise<void> {
    const { rows: events } = await sql<FrozenEvent>`
      SELECT id, type, body AS data FROM events WHERE quiet_reason IS NULL ORDER BY seq`.execute(database.db);
    for (const [site, endpoint] of this.endpoints.entries()) {
      const visits = this.receivers.visits(site);
      const due = events.filter((event) => isFor(event, endpoint)).map(({ id }) => webhookId(id, endpoint.id));
      const trouble = { endpoint, ...troubles(visits, due, endpoint.ordered === true) };
      expect(trouble).toEqual({ endpoint, missing: [], uncalledFor: [], unverified: [], renamed: [], outOfOrder: [] });
      // Who asked for something that never comes would prove nothing. A partner may have no updates in a short day.
      if (endpoint.events === undefined) expect(due.length).toBeGreaterThan(0);
    }
  }
}

function isFor({ type, data }: FrozenEvent, { events, filter }: Endpoint): boolean {
  if (!type.startsWith('story.') || (events !== undefined && !events.some((wanted) => wanted === type))) return false;
  if (filter === undefined) return true;
  const { partners, tags } = data.story;
  if ('partners' in filter) return partners.some(({ slug }) => filter.partners.includes(slug));
  return tags.some(({ scheme, slug }) => filter.tags.includes(`${scheme}/${slug}`));
}

function troubles(visits: readonly Visit[], due: string[], isOrdered: boolean): Record<string, string[]> {
  const accepted = new Set(visits.filter((visit) => visit.accepted).map(({ id }) => id));
  const wanted = new Set(due);
  return {
    missing: due.filter((id) => !accepted.has(id)),
    uncalledFor: visits.map(({ id }) => id).filter((id) => !wanted.has(id)),
    unverified: visits.filter(({ verified }) => !verified).map(({ id }) => id),
    // A repeat comes under the id, and with the bytes, of the first time; what it tells comes under no second id.
    renamed: [...severalOf(visits, 'about', 'id'), ...severalOf(visits, 'id', 'print')],
    outOfOrder: isOrdered ? disorder(visits, due) : [],
  };
}

/** Values of `key` that were seen with more than one `value`. */
function severalOf(visits: readonly Visit[], key: 'about' | 'id', value: 'id' | 'print'): string[] {
  const seen = new Map<string, Set<string>>();
  for (const visit of visits) seen.set(visit[key], (seen.get(visit[key]) ?? new Set()).add(visit[value]));
  return [...seen].filter(([, values]) => values.size > 1).map(([name]) => name);
}

/** One at a time, in the order of events; the next only after the one before was accepted, which never comes again then. */
function disorder(visits: readonly Visit[], due: string[]): string[] {
  const found: string[] = [];
  const firsts = [...new Set(visits.map(({ id }) => id))];
  if (firsts.join() !== due.join()) found.push('not in the order of events');
  for (const [index, visit] of visits.entries()) {
    const before = visits[index - 1];
    if (before === undefined) continue;
    if (before.ended > visit.began) found.push(`${visit.id} began before ${before.id} had ended`);
    if (before.id === visit.id) continue;
    const tries = visits.slice(0, index).filter(({ id }) => id === before.id);
    if (!tries.some(({ accepted }) => accepted)) found.push(`${visit.id} came before ${before.id} was accepted`);
    if (visits.slice(index).some(({ id }) => id === before.id)) found.push(`${before.id} came again after ${visit.id}`);
  }
  return found;
}
