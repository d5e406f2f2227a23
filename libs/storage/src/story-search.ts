/**
 * Finds stories by words and filters, newest first, at a cost that no question can exceed: a seldom word is looked up in the
 * index of words, a common one is met soon among the newest stories. See ADR 27.
 */
import { type RawBuilder, sql, type Transaction } from 'kysely';
import { languageAsked } from '#domain/language-tag.js';
import type { Database } from './database.js';
import { IS_NAMED } from './partner-naming.js';
import type { Schema } from './schema.js';
import type { SearchQuestion } from './search-question.js';
import { lookOut, MOST_HITS, type Outlook, SELDOM } from './search-outlook.js';
import { searchQuerySql } from './search-words-sql.js';
import { selectionSql, type StorySelection } from './story-selection.js';

export interface SearchPlace {
  limit: number;
  /** Older than this story. */
  before?: { id: string; sortAt: string } | undefined;
}

/** Ids, newest first. `next` is the story to go on behind, undefined at the end. */
export interface SearchAnswer {
  ids: string[];
  next: string | undefined;
  /** How many there are in all from this place on, where that was counted. */
  total: number | undefined;
  /** Not everything older was looked through: whoever goes on at `next` looks further. */
  lookedBackTo: Date | undefined;
}

/** So many stories are looked at one by one; twice as many where that makes a whole list. */
const LOOKED_AT = 3_000;
/** Of the stories that have all words of a phrase, about so many have them side by side. */
const PHRASE_SHARE = 0.05;
/** A step that takes longer than this is given up. */
const PATIENCE_MS = 1_000;
/** The same where there is an answer already that is only not whole. */
const PATIENCE_FOR_MORE_MS = 100;
/** So many stories with all words are read to see which have them as asked, before the newest ones are tried. */
const FEW_TOGETHER = 4_000;
/** Of so many with all words of a phrase only a part can be read in that time: then it is not tried. */
const TOO_MANY_TOGETHER = 2 * FEW_TOGETHER;
/** PostgreSQL's code of a statement that was cancelled. */
const CANCELLED = '57014';
const NOTHING: SearchAnswer = { ids: [], next: undefined, total: 0, lookedBackTo: undefined };

export async function searchStories(
  database: Database,
  question: SearchQuestion,
  place: SearchPlace,
): Promise<SearchAnswer> {
  const outlook = await lookOut(database, question);
  const isUnknown =
    (question.tag !== undefined && outlook.tagId === null) ||
    (question.partner !== undefined && outlook.partnerId === null);
  if (isUnknown || !outlook.asks) return NOTHING;
  const isSeldom = outlook.most <= SELDOM;
  const isTried = outlook.hasWanted && (isSeldom || isSeldomTogether(outlook, question, place));
  if (isTried) {
    const all = await byIndex(database, question, outlook, place, isSeldom ? PATIENCE_MS : PATIENCE_FOR_MORE_MS);
    if (all !== undefined) return all;
  }
  const newest = await byWalking(database, question, outlook, place);
  if (newest.lookedBackTo === undefined || !outlook.mayBeFew || isTried || isHopeless(outlook, question)) return newest;
  return (await byIndex(database, question, outlook, place, PATIENCE_FOR_MORE_MS)) ?? newest;
}

/** Whether words that are common each meet so seldom that the newest stories would not fill a page. */
function isSeldomTogether({ share, stories }: Outlook, { words }: SearchQuestion, { limit }: SearchPlace): boolean {
  const ofPhrase = words.includes('"') ? share * PHRASE_SHARE : share;
  return LOOKED_AT * ofPhrase < limit && stories * share <= FEW_TOGETHER;
}

/**
 * The index of words knows which stories have all words of a phrase, not which have them side by side: each has to be read.
 * Of words without a phrase the newest stories have shown that few have them all.
 */
function isHopeless({ share, stories }: Outlook, { words }: SearchQuestion): boolean {
  return words.includes('"') && stories * share > TOO_MANY_TOGETHER;
}

/** All hits of the index of words, put in order; undefined when there are too many, or it takes too long. */
async function byIndex(
  database: Database,
  question: SearchQuestion,
  outlook: Outlook,
  { limit, before }: SearchPlace,
  patienceMs: number,
): Promise<SearchAnswer | undefined> {
  const filters = [
    ...placeFilters(question, before, { sortAt: sql`s.sort_at`, id: sql`s.id` }),
    ...languageFilter(question.language),
  ];
  const hits = sql`SELECT s.id, s.sort_at FROM stories s WHERE s.status = 'published'
    AND s.search @@ ${searchQuerySql(question.words)} ${and(filters)} LIMIT ${MOST_HITS + 1}`;
  const rows = await patiently(database, patienceMs, async (trx) => {
    // A list in order would be walked to its end for words that are in few stories.
    await sql`SET LOCAL enable_indexscan = off`.execute(trx);
    await sql`SET LOCAL enable_seqscan = off`.execute(trx);
    // One row at least: whether there were too many has to be known even when the filters leave none.
    const found = await sql<{ id: string | null; total: number | null; hits: number }>`
      WITH hits AS MATERIALIZED (${hits})
      SELECT h.id, h.total, n.hits FROM (SELECT count(*) AS hits FROM hits) n LEFT JOIN (
        SELECT h.id, h.sort_at, count(*) OVER () AS total FROM hits h WHERE true ${and(memberFilters(outlook, sql`h.id`))}
         ORDER BY h.sort_at DESC, h.id DESC LIMIT ${limit + 1}) h ON true
       ORDER BY h.sort_at DESC, h.id DESC`.execute(trx);
    return found.rows;
  });
  if (rows === undefined || (rows[0]?.hits ?? 0) > MOST_HITS) return undefined;
  const all = rows.flatMap(({ id }) => id ?? []);
  const ids = all.slice(0, limit);
  return {
    ids,
    next: all.length > limit ? ids.at(-1) : undefined,
    total: rows[0]?.total ?? 0,
    lookedBackTo: undefined,
  };
}

/** The newest stories of the shortest list that the filters name, one by one. */
async function byWalking(
  database: Database,
  question: SearchQuestion,
  outlook: Outlook,
  { limit, before }: SearchPlace,
): Promise<SearchAnswer> {
  const { language, words } = question;
  const { selection, stories } = shortestList(outlook);
  const list = selectionSql(selection);
  const most = stories < 2 * LOOKED_AT ? 2 * LOOKED_AT : LOOKED_AT;
  const place = [
    ...placeFilters(question, before, list),
    ...(outlook.tagId === null && outlook.partnerId === null ? languageFilter(language) : []),
  ];
  const walked = (columns: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    SELECT s.id, ${list.sortAt} AS sort_at ${columns} FROM ${list.from} WHERE s.status = 'published' AND ${list.where} ${and(place)}
     ORDER BY ${list.sortAt} DESC, ${list.id} DESC`;
  const fitting = [...memberFilters(outlook, sql`s.id`), ...languageFilter(language)];
  const hit = words === '' ? sql`true` : sql`f.search @@ ${searchQuerySql(words)}`;
  const answer = await patiently(database, PATIENCE_MS, async (trx) => {
    await sql`SET LOCAL enable_hashjoin = off`.execute(trx);
    await sql`SET LOCAL enable_mergejoin = off`.execute(trx);
    await sql`SET LOCAL enable_bitmapscan = off`.execute(trx);
    const found = await sql<{ id: string }>`
      SELECT f.id FROM (
        SELECT * FROM (${walked(sql`, s.search, s.language`)} LIMIT ${most}) s WHERE true ${and(fitting)} OFFSET 0) f
       WHERE ${hit} LIMIT ${limit + 1}`.execute(trx);
    if (found.rows.length > limit) return { found: found.rows, last: undefined };
    const last = await sql<{ id: string; sortAt: Date }>`
      SELECT w.id, w.sort_at AS "sortAt" FROM (${walked(sql``)} OFFSET ${most - 1} LIMIT 1) w`.execute(trx);
    return { found: found.rows, last: last.rows[0] };
  });
  if (answer === undefined) throw new Error('a search took too long');
  const ids = answer.found.slice(0, limit).map(({ id }) => id);
  if (answer.found.length > limit) return { ids, next: ids.at(-1), total: undefined, lookedBackTo: undefined };
  const { last } = answer;
  return { ids, next: last?.id, total: undefined, lookedBackTo: last?.sortAt };
}

/** The list of all stories counts as long; so does one that was not counted to its end. */
function shortestList({ tagId, partnerId, tagStories, partnerStories }: Outlook): {
  selection: StorySelection;
  stories: number;
} {
  const byTag = { selection: { kind: 'tag', id: tagId ?? '' } as const, stories: tagStories };
  const byPartner = { selection: { kind: 'partner', id: partnerId ?? '' } as const, stories: partnerStories };
  if (tagId === null && partnerId === null) return { selection: { kind: 'all' }, stories: Infinity };
  if (tagId === null || partnerId === null) return tagId === null ? byPartner : byTag;
  return tagStories <= partnerStories ? byTag : byPartner;
}

/** That a story is in the lists that the filters name. Who lets nothing be passed on is not found by name. */
function memberFilters({ tagId, partnerId }: Outlook, id: RawBuilder<unknown>): RawBuilder<unknown>[] {
  return [
    ...(tagId === null
      ? []
      : [sql`EXISTS (SELECT FROM story_tags t WHERE t.story_id = ${id} AND t.tag_id = ${tagId})`]),
    ...(partnerId === null
      ? []
      : [
          sql`EXISTS (SELECT FROM story_partners sp JOIN partners p ON p.id = sp.partner_id WHERE sp.story_id = ${id}
            AND sp.partner_id = ${partnerId} AND ${IS_NAMED})`,
        ]),
  ];
}

/** The part of a list that is looked at: the days that are asked for, behind the page before. */
function placeFilters(
  { from, until }: SearchQuestion,
  before: SearchPlace['before'],
  { sortAt, id }: { sortAt: RawBuilder<unknown>; id: RawBuilder<unknown> },
): RawBuilder<unknown>[] {
  return [
    ...(from === undefined ? [] : [sql`${sortAt} >= ${from}`]),
    ...(until === undefined ? [] : [sql`${sortAt} < ${until}`]),
    ...(before === undefined ? [] : [sql`(${sortAt}, ${id}) < (${before.sortAt}::timestamptz, ${before.id}::uuid)`]),
  ];
}

function languageFilter(language: string | undefined): RawBuilder<unknown>[] {
  return language === undefined ? [] : [sql`lower(split_part(s.language, '-', 1)) = ${languageAsked(language)}`];
}

function and(conditions: RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`` : sql`AND ${sql.join(conditions, sql` AND `)}`;
}

/** Undefined when it takes too long. */
async function patiently<T>(
  database: Database,
  patienceMs: number,
  work: (trx: Transaction<Schema>) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await database.transaction(async (trx) => {
      await sql`SELECT set_config('statement_timeout', ${String(patienceMs)}, true)`.execute(trx);
      return await work(trx);
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === CANCELLED) return undefined;
    throw error;
  }
}
