/** Stories as they stand before a change, locked, with all that decides what the change is. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import type { ParsedCategory } from '#contracts/parsed-feed.js';
import type { StoryTag } from '#contracts/story-body.js';
import type { CopyDates, PartnerRights } from '#domain/story-rights.js';
import { IS_NAMED } from './partner-naming.js';
import { IS_ACCEPTED } from './processed-item.repository.js';
import type { Schema, StoriesTable } from './schema.js';
import type { StoryContent } from './story.repository.js';

/** A partner that carries the story. `isNamed` false: its rights hide every copy that it has of it, and that it has one. */
export interface StatePartner {
  id: string;
  slug: string;
  name: string;
  rights: PartnerRights;
  isNamed: boolean;
}

/** A tag of the story. */
export interface StateTag extends StoryTag {
  id: string;
  source: string;
  confidence: number;
}

/**
 * What a story's items say of themselves in categories, and what rules and dictionaries say of their tags (SCHEME/SLUG); `given` null: nobody
 * knows what they gave. `isAccepted` false: their newest version does, which is held, dropped or not judged yet.
 */
export interface StateItem {
  itemId: string;
  partnerId: string;
  partnerName: string;
  categories: ParsedCategory[];
  given: string[] | null;
  untagged: string[];
  isAccepted: boolean;
}

/** `publishedQuietReason`: why no endpoint ever heard of it, null when one did, also of what rights took back since; `leadPartner` is the leading item's. */
export interface StoryState extends StoryContent {
  id: string;
  slug: string;
  version: number;
  status: StoriesTable['status']['__select__'];
  publishedAt: Date;
  sortAt: Date;
  updatedAt: Date;
  publishedQuietReason: string | null;
  leadPartner: Omit<StatePartner, 'isNamed'> & { priority: number };
  partners: StatePartner[];
  tags: StateTag[];
  /** Ids of tags that an operator took from the story. */
  refusedTags: string[];
  items: StateItem[];
  /** It has more items than `items` has of them: nothing may be concluded from what these do not say. */
  hasMoreItems?: boolean;
  /** The item that an operator chose to lead: it does while it is in the story and may be shown. */
  pinnedItemId: string | null;
  /** When the hub first saw the leading item, and its partner's date for it: what its rights count from. */
  leadDates: CopyDates;
  /** Searches do not look into its text. */
  excerptOnly: boolean;
  /** Why it is not published. */
  goneReason: string | null;
  isDemo: boolean;
  /** It was never shown: it waits for its partners' rights, or was taken back while it did. */
  isUnseen: boolean;
}

/** Items of one story that are looked at for their categories; a story that everybody copied has enough of them. */
const ITEMS_A_STORY = 50;

@Injectable()
export class StoryStateRepository {
  /** Locks the stories in the order of their ids and reads them; the items of those in `withItems` only, for they are many. */
  async lock(
    trx: Transaction<Schema>,
    storyIds: readonly string[],
    withItems: readonly string[],
  ): Promise<Map<string, StoryState>> {
    if (storyIds.length === 0) return new Map();
    // The lock is a statement of its own: the next one sees what the former holder committed.
    await sql`SELECT id FROM stories WHERE id = ANY(${storyIds}) ORDER BY id FOR NO KEY UPDATE`.execute(trx);
    const { rows } = await sql<Omit<StoryState, 'leadDates'> & { leadPublishedAt: Date | null; leadReceivedAt: Date }>`
      SELECT s.id, s.slug, s.version, s.status, s.leading_item_id AS "leadingItemId", s.title, s.summary, s.content,
             s.body_text AS "bodyText", s.language, s.authors, s.image, s.media, s.source_name AS "sourceName",
             s.source_url AS "sourceUrl", s.source_feed_url AS "sourceFeedUrl", s.item_url AS "itemUrl", s.rights,
             s.published_at AS "publishedAt", s.sort_at AS "sortAt", s.updated_at AS "updatedAt",
             s.pinned_item_id AS "pinnedItemId", s.gone_reason AS "goneReason", s.is_demo AS "isDemo",
             s.status = 'withheld' OR s.status = 'withdrawn' AND s.gone_at IS NULL AS "isUnseen",
             ARRAY(SELECT r.tag_id::text FROM story_tags_refused r WHERE r.story_id = s.id) AS "refusedTags",
             s.excerpt_only AS "excerptOnly", li.published_at AS "leadPublishedAt", li.received_at AS "leadReceivedAt",
             CASE WHEN s.status = 'withheld' THEN 'it was never shown' ELSE (SELECT e.quiet_reason FROM events e
               WHERE e.story_id = s.id AND e.type = 'story.published' AND e.quiet_reason IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM events o WHERE o.story_id = s.id
                   AND (o.quiet_reason IS NULL OR o.quiet_reason LIKE 'rights: %'))
               ORDER BY e.story_version LIMIT 1) END AS "publishedQuietReason",
             json_build_object('id', lp.id, 'slug', lp.slug, 'name', lp.name, 'priority',
               coalesce((SELECT o.priority FROM rule_outcomes o WHERE o.item_id = s.leading_item_id), lp.priority),
               'rights', lp.rights) AS "leadPartner",
             (SELECT json_agg(json_build_object('id', p.id, 'slug', p.slug, 'name', p.name, 'rights', p.rights,
                 'isNamed', ${IS_NAMED}) ORDER BY p.id)
                FROM story_partners sp JOIN partners p ON p.id = sp.partner_id WHERE sp.story_id = s.id) AS partners,
             (SELECT coalesce(json_agg(json_build_object('id', t.id, 'scheme', t.scheme, 'slug', t.slug,
                 'name', t.name, 'source', st.source, 'confidence', st.confidence)), '[]')
                FROM story_tags st JOIN tags t ON t.id = st.tag_id WHERE st.story_id = s.id) AS tags,
             (SELECT coalesce(json_agg(json_build_object('itemId', x.item_id, 'partnerId', x.partner_id, 'partnerName', x.name,
                 'categories', x.categories, 'given', x.given, 'untagged', x.untagged, 'isAccepted', x.is_accepted)
                 ORDER BY x.item_id), '[]')
                FROM (SELECT si.item_id, si.partner_id, p.name, i.parsed->'categories' AS categories, ${IS_ACCEPTED} AS is_accepted,
                             CASE WHEN o.item_id IS NULL THEN '{}' ELSE o.tags END AS given, coalesce(o.untagged, '{}') AS untagged
                        FROM story_items si JOIN items i ON i.id = si.item_id JOIN partners p ON p.id = si.partner_id
                        LEFT JOIN rule_outcomes o ON o.item_id = i.id
                       WHERE si.story_id = s.id AND s.id = ANY(${withItems}) AND i.withdrawn_at IS NULL ORDER BY si.item_id LIMIT ${ITEMS_A_STORY + 1}) AS x) AS items
        FROM stories s
        JOIN story_items lead ON lead.item_id = s.leading_item_id
        JOIN items li ON li.id = s.leading_item_id
        JOIN partners lp ON lp.id = lead.partner_id
       WHERE s.id = ANY(${storyIds})`.execute(trx);
    return new Map(
      rows.map(({ leadPublishedAt, leadReceivedAt, ...row }) => [
        row.id,
        {
          ...row,
          items: row.items.slice(0, ITEMS_A_STORY),
          hasMoreItems: row.items.length > ITEMS_A_STORY,
          leadDates: { publishedAt: leadPublishedAt, receivedAt: leadReceivedAt },
        },
      ]),
    );
  }
}
