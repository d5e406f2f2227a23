/** Which published stories a list is about, as SQL: one place, so that feeds, pages and the sitemap agree. */
import { type RawBuilder, sql } from 'kysely';
import { MAY_BE_NAMED } from './partner-naming.js';
import type { SearchQuestion } from './search-question.js';

/** A list of published stories, newest first. Ids are UUIDs; `day`-like spans are half open. */
export type StorySelection =
  | { kind: 'all' }
  /** `order` only for a first page: what changed last among its newest stories. */
  | { kind: 'channel'; id: string; order?: 'newest' | 'updated' }
  | { kind: 'tag'; id: string }
  | { kind: 'partner'; id: string }
  | { kind: 'span'; from: Date; until: Date }
  | { kind: 'search'; question: SearchQuestion }
  /** What another selection has between two instants, half open. */
  | { kind: 'within'; selection: StorySelection; from: Date; until: Date }
  /** What another selection has that is older than an instant and among the hub's newest corrections. */
  | { kind: 'corrected'; selection: StorySelection; before: Date };

/** The SQL of a selection: tables (with stories as `s`), condition, and the columns that it is ordered and paged by. */
export interface SelectionSql {
  from: RawBuilder<unknown>;
  where: RawBuilder<unknown>;
  sortAt: RawBuilder<unknown>;
  id: RawBuilder<unknown>;
}

/** So many are looked at, whatever the list: the cost of finding its corrections is bounded. */
const NEWEST_CORRECTIONS = 200;

const STORY_ORDER = { sortAt: sql`s.sort_at`, id: sql`s.id` };

/** Each membership table repeats the story's sort_at, so that its own index gives the order. */
function membership(table: string, column: string, id: string): SelectionSql {
  return {
    from: sql`${sql.table(table)} m JOIN stories s ON s.id = m.story_id`,
    where: sql`m.${sql.ref(column)} = ${id}`,
    sortAt: sql`m.sort_at`,
    id: sql`m.story_id`,
  };
}

/** Who lets nothing of it be passed on is not named as one who carries a story that others tell. */
function carriedBy(partnerId: string): SelectionSql {
  const carried = membership('story_partners', 'partner_id', partnerId);
  const names = sql`EXISTS (SELECT FROM partners p WHERE p.id = ${partnerId} AND ${MAY_BE_NAMED})`;
  return { ...carried, where: sql`${carried.where} AND m.named AND ${names}` };
}

/** An older story than these does not come up again by a change: so the list costs the same however long the channel is. */
const CHANGES_AMONG = 1_000;

function lastChanged(channelId: string): SelectionSql {
  return {
    from: sql`(SELECT story_id FROM channel_stories WHERE channel_id = ${channelId}
      ORDER BY sort_at DESC, story_id DESC LIMIT ${sql.lit(CHANGES_AMONG)}) m JOIN stories s ON s.id = m.story_id`,
    where: sql`true`,
    sortAt: sql`s.updated_at`,
    id: sql`s.id`,
  };
}

export function selectionSql(selection: StorySelection): SelectionSql {
  switch (selection.kind) {
    case 'all':
      return { from: sql`stories s`, where: sql`true`, ...STORY_ORDER };
    case 'channel':
      return selection.order === 'updated'
        ? lastChanged(selection.id)
        : membership('channel_stories', 'channel_id', selection.id);
    case 'tag':
      return membership('story_tags', 'tag_id', selection.id);
    case 'partner':
      return carriedBy(selection.id);
    case 'span':
      return {
        from: sql`stories s`,
        where: sql`s.sort_at >= ${selection.from} AND s.sort_at < ${selection.until}`,
        ...STORY_ORDER,
      };
    case 'within': {
      const inner = selectionSql(selection.selection);
      const { from, until } = selection;
      return { ...inner, where: sql`${inner.where} AND ${inner.sortAt} >= ${from} AND ${inner.sortAt} < ${until}` };
    }
    case 'corrected': {
      const inner = selectionSql(selection.selection);
      const newest = sql`SELECT c.id FROM stories c WHERE c.status = 'published' AND c.updated_at > c.created_at
        ORDER BY c.updated_at DESC, c.id DESC LIMIT ${sql.lit(NEWEST_CORRECTIONS)}`;
      const where = sql`${inner.where} AND ${inner.sortAt} < ${selection.before} AND s.id IN (${newest})`;
      return { ...inner, where };
    }
    case 'search':
      // Its cost is bounded in steps of its own, which no part of another list can be.
      throw new Error('a search is no list: ask searchStories');
  }
}
