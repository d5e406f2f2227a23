/** What is known of a search before it is done: whether its filters exist, and how many stories may have its words. */
import { sql } from 'kysely';
import { isEither } from '#domain/search-words.js';
import type { Database } from './database.js';
import type { SearchQuestion } from './search-question.js';
import { searchQuerySql, wantedWordsSql } from './search-words-sql.js';

/** What is known before looking: `most` stories at most have the words, as far as they were counted. */
export interface Outlook {
  tagId: string | null;
  partnerId: string | null;
  /** The query wants at least one word, so that the index of words can answer. */
  hasWanted: boolean;
  /** It asks something at all: `!!!` does not. */
  asks: boolean;
  most: number;
  /** The share of all stories that has its words, 0 to 1, if words met by chance. */
  share: number;
  stories: number;
  /** Whether putting all hits of the index in order may be worth the try although the words are common. */
  mayBeFew: boolean;
  /** Stories with the tag, and of the partner, counted up to `SELDOM`. */
  tagStories: number;
  partnerStories: number;
}

/** Words in more stories than this are met soon enough among the newest ones. */
export const SELDOM = 10_000;
/** So many hits are taken out of the index of words; with more, their order is not known. */
export const MOST_HITS = 20_000;
const NO_OUTLOOK: Found = { tagId: null, partnerId: null, tagStories: 0, partnerStories: 0 };

type Found = Pick<Outlook, 'tagId' | 'partnerId' | 'tagStories' | 'partnerStories'> &
  Partial<{ tree: string; documents: (number | null)[]; isCounted: boolean; stories: number }>;

export async function lookOut(database: Database, { words, tag, partner }: SearchQuestion): Promise<Outlook> {
  const { rows } = await sql<Found>`
    WITH tag AS (SELECT id FROM tags WHERE scheme = ${tag?.scheme ?? null} AND slug = ${tag?.slug ?? null}),
         partner AS (SELECT id FROM partners WHERE slug = ${partner ?? null})
    SELECT (SELECT id FROM tag) AS "tagId", (SELECT id FROM partner) AS "partnerId",
           (SELECT count(*) FROM (SELECT FROM story_tags WHERE tag_id = (SELECT id FROM tag) LIMIT ${SELDOM}) t) AS "tagStories",
           (SELECT count(*) FROM (SELECT FROM story_partners WHERE partner_id = (SELECT id FROM partner) LIMIT ${SELDOM}) p)
             AS "partnerStories",
           querytree(${searchQuerySql(words)}) AS tree,
           ARRAY(SELECT w.documents::float8 FROM unnest(${wantedWordsSql(words)}) AS wanted(word)
             LEFT JOIN search_words w ON w.word = wanted.word) AS documents,
           (SELECT stories FROM search_word_lane) AS stories,
           (SELECT count(*) FROM (SELECT FROM stories WHERE id > (SELECT story_id FROM search_word_lane)
             ORDER BY id LIMIT ${SELDOM}) s) < ${SELDOM} AS "isCounted"`.execute(database.db);
  const { tree = '', documents = [], isCounted = false, stories = 0, ...lists } = rows[0] ?? NO_OUTLOOK;
  const counts = documents.map((count) => count ?? 0);
  const most = isEither(words) ? counts.reduce((sum, count) => sum + count, 0) : Math.min(...counts);
  const hasWanted = tree !== '' && tree !== 'T' && counts.length > 0;
  return {
    ...lists,
    hasWanted,
    asks: words === '' || tree !== '',
    most: isCounted ? most : Infinity,
    share: isEither(words) || !isCounted ? 1 : shareOf(counts, stories),
    stories,
    mayBeFew: hasWanted && (counts.length > 1 || most <= 2 * MOST_HITS),
  };
}

function shareOf(counts: readonly number[], stories: number): number {
  return counts.reduce((share, count) => share * Math.min(1, count / Math.max(1, stories)), 1);
}
