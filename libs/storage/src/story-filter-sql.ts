/** A channel's filter in SQL, for whole spans of stories; `matchesFilter` says the same of one story, and tests hold the two together. */
import { type RawBuilder, sql } from 'kysely';
import type { StoryFilter } from '#contracts/channel-filter.js';
import { languageAsked } from '#domain/language-tag.js';
import { asksForWords } from '#domain/story-filter.js';

type Bool = RawBuilder<boolean>;

/** The kinds of media that come with a story `s`. */
export const STORY_MEDIA_SQL = sql<string[]>`ARRAY(
  SELECT 'image' WHERE s.image IS NOT NULL
  UNION SELECT coalesce(m->>'medium', split_part(m->>'type', '/', 1)) FROM jsonb_array_elements(s.media) m
   WHERE coalesce(m->>'medium', split_part(m->>'type', '/', 1)) IN ('image', 'audio', 'video'))`;

/** From where rules route a story: the outcomes `o` of its copies. Of a partner whose copies are all hidden none counts. */
export function rulingsSql(storyId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`story_items si
    JOIN story_partners sp ON sp.story_id = si.story_id AND sp.partner_id = si.partner_id AND sp.named
    JOIN rule_outcomes o ON o.item_id = si.item_id WHERE si.story_id = ${storyId}`;
}

/** Whether a story `s` belongs by the filter, or by a rule that routes it to one of the channel's slugs. Never null. */
export function belongsSql(filter: StoryFilter, slugs: readonly string[]): Bool {
  const conditions = Object.values(conditionsSql(filter));
  const fits = conditions.length === 0 ? sql`true` : sql.join(conditions, sql` AND `);
  const byFilter = filter.onlyRouted === true ? sql`false` : fits;
  return sql`(coalesce(${byFilter}, false) OR EXISTS (
    SELECT FROM ${rulingsSql(sql`s.id`)} AND o.routes && ${slugs}::text[]))`;
}

/** One expression over a story `s` for each condition that the filter has, under the condition's name; null counts as false. */
export function conditionsSql(filter: StoryFilter): Partial<Record<keyof StoryFilter, Bool>> {
  const { tags = [], allTags = [], noTags = [], partners = [], languages = [], media = [] } = filter;
  const { minPartners, maxAgeHours } = filter;
  return {
    ...(tags.length > 0 ? { tags: sql<boolean>`EXISTS (${taggedSql(tags)})` } : {}),
    ...(allTags.length > 0
      ? { allTags: sql<boolean>`(SELECT count(*) FROM (${taggedSql(allTags)}) one) = ${new Set(allTags).size}` }
      : {}),
    ...(noTags.length > 0 ? { noTags: sql<boolean>`NOT EXISTS (${taggedSql(noTags)})` } : {}),
    ...(partners.length > 0
      ? {
          partners: sql<boolean>`EXISTS (SELECT FROM story_partners sp WHERE sp.story_id = s.id AND sp.named AND sp.partner_id = ANY(ARRAY(
            SELECT p.id FROM partners p WHERE p.slug = ANY(${partners}::text[]))))`,
        }
      : {}),
    ...(languages.length > 0
      ? {
          languages: sql<boolean>`lower(split_part(s.language, '-', 1)) = ANY(${languages.map(languageAsked)}::text[])`,
        }
      : {}),
    ...(asksForWords(filter) ? { words: sql<boolean>`s.search @@ ${wordsSql(filter)}` } : {}),
    ...(media.length > 0 ? { media: sql<boolean>`${STORY_MEDIA_SQL} && ${media}::text[]` } : {}),
    ...(minPartners === undefined
      ? {}
      : {
          minPartners: sql<boolean>`(SELECT count(*) FROM story_partners sp WHERE sp.story_id = s.id AND sp.named) >= ${minPartners}`,
        }),
    ...(maxAgeHours === undefined
      ? {}
      : { maxAgeHours: sql<boolean>`s.sort_at > now() - make_interval(hours => ${maxAgeHours})` }),
  };
}

/** The filter's words as a tsquery over `stories.search`, made as that vector is; null when they ask nothing. */
export function wordsSql({ words = [], allWords = [], noWords = [] }: StoryFilter): RawBuilder<string | null> {
  return sql`(SELECT nullif(concat_ws(' & ', ${phrasesSql(words, ' | ')}, ${phrasesSql(allWords, ' & ')},
    '!' || ${phrasesSql(noWords, ' | ')}), '')::tsquery)`;
}

/** Null without a phrase. */
function phrasesSql(phrases: readonly string[], between: string): RawBuilder<string | null> {
  return sql`(SELECT '(' || string_agg('(' || q::text || ')', ${between}) || ')' FROM (
    SELECT phraseto_tsquery('simple', unaccent(phrase)) AS q FROM unnest(${phrases}::text[]) AS phrase) AS made
    WHERE numnode(q) > 0)`;
}

/** The tags of a story `s` that are among these. */
function taggedSql(refs: readonly string[]): RawBuilder<unknown> {
  return sql`SELECT FROM story_tags st WHERE st.story_id = s.id AND st.tag_id = ANY(ARRAY(
    SELECT t.id FROM tags t WHERE (t.scheme, t.slug) IN (
      SELECT split_part(ref, '/', 1), split_part(ref, '/', 2) FROM unnest(${refs}::text[]) ref)))`;
}
