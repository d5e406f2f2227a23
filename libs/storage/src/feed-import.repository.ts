/** Adds feeds by the hundred, with the partners they need: a statement for a batch, not one for a feed. */
import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { slugify } from '#domain/slug.js';
import { Database } from './database.js';
import type { ImportLinesTable, Schema } from './schema.js';
import { uuidV7 } from './uuid.js';

/** A feed of a list. `site` names the partner it belongs to as `homeKey` does; feeds of one site share a partner. */
export interface ListedFeed {
  /** As it is stored: the URL standard's spelling, without fragment. Each once in a batch. */
  url: string;
  title: string | null;
  /** The home page, if the list names one. */
  homeUrl: string | null;
  site: string;
  /** What a partner made for the site gets as its home page. */
  siteUrl: string;
  /** The feed's own address proves that it is of this site: then it may join a partner whom an operator named. */
  proven: boolean;
  /** Seconds from now to its first fetch. */
  dueIn: number;
}

export type ImportedLine = Omit<ImportLinesTable, 'import_id'>;

/** What became of a feed: `added` false where its URL was here already, as `feedId`. */
export interface PlacedFeed {
  url: string;
  added: boolean;
  feedId: string;
  status: 'active' | 'paused' | 'retired';
}

/** The import was ended by somebody else, or its week is over. */
class ImportEndedError extends Error {}

/** The same slug is tried twice, for one who took it a moment ago may be the partner that is looked for; then numbers. */
const SLUG_TRIES = 40;
const JUST_IMPORTED = 'just imported';
const PARTNER_REASON = 'by its home page in an imported list';

@Injectable()
export class FeedImportRepository {
  constructor(private readonly database: Database) {}

  /**
   * One batch of an import, in one transaction: its feeds, its lines, its progress. `lineOf` says what to report of a feed.
   * @throws {ImportEndedError} when the import does not run any more: then nothing was written.
   */
  async addBatch(
    importId: string,
    batch: { feeds: readonly ListedFeed[]; newsSince: Date; bytesRead: number; title: string | null },
    report: (placed: ReadonlyMap<string, PlacedFeed>) => ImportedLine[],
  ): Promise<void> {
    await this.database.transaction(async (trx) => {
      const placed = await this.place(trx, batch.feeds, batch.newsSince);
      const lines = report(placed);
      await insertLines(trx, importId, lines);
      const count = (outcome: ImportedLine['outcome']) => lines.filter((line) => line.outcome === outcome).length;
      const { rows } = await sql`
        UPDATE imports SET added = added + ${count('added')}, already_here = already_here + ${count('already-here')},
            failed = failed + ${count('failed')}, bytes_read = ${batch.bytesRead},
            title = coalesce(title, ${batch.title}), progress_at = now()
         WHERE id = ${importId} AND status = 'running' RETURNING id`.execute(trx);
      if (rows.length === 0) throw new ImportEndedError(`the import ${importId} does not run any more`);
    });
  }

  private async place(
    trx: Transaction<Schema>,
    feeds: readonly ListedFeed[],
    newsSince: Date,
  ): Promise<Map<string, PlacedFeed>> {
    const placed = new Map<string, PlacedFeed>();
    let waiting = feeds.toSorted((a, b) => (a.url < b.url ? -1 : 1));
    for (let attempt = 0; waiting.length > 0 && attempt < SLUG_TRIES; attempt++) {
      for (const feed of await insertFeeds(trx, waiting, newsSince, attempt)) placed.set(feed.url, feed);
      waiting = waiting.filter(({ url }) => !placed.has(url));
    }
    return placed;
  }
}

/** Adds what is not here yet. Missing in the answer: feeds whose partner's slug, or whose URL, somebody took meanwhile. */
async function insertFeeds(
  trx: Transaction<Schema>,
  feeds: readonly ListedFeed[],
  newsSince: Date,
  attempt: number,
): Promise<PlacedFeed[]> {
  const of = <T>(pick: (feed: ListedFeed) => T): T[] => feeds.map(pick);
  const { rows } = await sql<PlacedFeed>`
    WITH input AS (
      SELECT * FROM unnest(
        ${of(uuidV7)}::uuid[], ${of(uuidV7)}::uuid[], ${of(({ url }) => url)}::text[], ${of(({ title }) => title)}::text[],
        ${of(({ homeUrl }) => homeUrl)}::text[], ${of(({ site }) => site)}::text[],
        ${of(({ siteUrl }) => siteUrl)}::text[], ${of(({ site }) => slugOf(site, attempt))}::text[],
        ${of(({ proven }) => proven)}::boolean[], ${of(({ dueIn }) => dueIn)}::float8[]
      ) AS i(id, new_partner, url, title, home_url, site, site_url, slug, proven, due_in)),
    fresh AS (SELECT i.* FROM input i WHERE NOT EXISTS (SELECT 1 FROM feeds f WHERE f.url = i.url)),
    sites AS (
      SELECT DISTINCT ON (site, proven) site, proven, site_url, slug, new_partner FROM fresh ORDER BY site, proven, url),
    known AS (
      SELECT s.site, s.proven, p.id FROM sites s CROSS JOIN LATERAL (
        SELECT id FROM partners
         WHERE NOT is_demo AND (
               (home_key = s.site AND (s.proven OR NOT named_by_operator))
            OR (NOT named_by_operator AND lower(site_url) IN
                ('https://' || s.site, 'http://' || s.site, 'https://www.' || s.site, 'http://www.' || s.site)))
         ORDER BY named_by_operator DESC, id LIMIT 1) AS p),
    made AS (
      INSERT INTO partners (id, slug, name, site_url)
        SELECT new_partner, slug, site, site_url FROM sites s
         WHERE NOT EXISTS (SELECT 1 FROM known k WHERE k.site = s.site AND k.proven = s.proven)
         ORDER BY slug, new_partner
      ON CONFLICT (slug) DO NOTHING RETURNING id),
    owners AS (
      SELECT site, proven, id FROM known
      UNION ALL SELECT s.site, s.proven, m.id FROM made m JOIN sites s ON s.new_partner = m.id),
    added AS (
      INSERT INTO feeds (id, partner_id, partner_reason, url, title, site_url, news_since, next_fetch_at, next_fetch_reason)
        SELECT f.id, o.id, ${PARTNER_REASON}, f.url, f.title, f.home_url, ${newsSince}::timestamptz,
               now() + make_interval(secs => f.due_in), ${JUST_IMPORTED}
          FROM fresh f JOIN owners o USING (site, proven) ORDER BY f.url
      ON CONFLICT (url) DO NOTHING RETURNING id)
    SELECT i.url, true AS added, i.id AS "feedId", 'active' AS status FROM input i JOIN added USING (id)
    UNION ALL
    SELECT f.url, false, f.id, f.status FROM input i JOIN feeds f USING (url)`.execute(trx);
  return rows;
}

function slugOf(site: string, attempt: number): string {
  const base = slugify(site) || 'partner';
  return attempt < 2 ? base : `${base}-${attempt}`;
}

async function insertLines(trx: Transaction<Schema>, importId: string, lines: readonly ImportedLine[]): Promise<void> {
  if (lines.length === 0) return;
  const of = <T>(pick: (line: ImportedLine) => T): T[] => lines.map(pick);
  await sql`
    INSERT INTO import_lines (import_id, position, line, outcome, url, title, feed_id, reason)
      SELECT ${importId}, * FROM unnest(
        ${of(({ position }) => position)}::int[], ${of(({ line }) => line)}::int[],
        ${of(({ outcome }) => outcome)}::text[], ${of(({ url }) => url)}::text[], ${of(({ title }) => title)}::text[],
        ${of(({ feed_id }) => feed_id)}::uuid[], ${of(({ reason }) => reason)}::text[])`.execute(trx);
}
