/** The three partner sites: feeds that follow the rules, copies that are copies, corrections that correct. */
import { inflateSync } from 'node:zlib';
import { isCorrected, isUpdated, edition, newest, publishedAt, BACKLOG } from './timeline.js';
import { takes } from './daily.js';
import { illustration } from './illustration.js';
import { answer, partners } from './site.js';

const SITE = 'http://127.0.0.1:9';
const start = Date.parse('2026-11-20T10:00:00Z');
const of = edition(start);
const all = partners(SITE, of);
const later = start + 10 * 60_000;
const { agency, daily, blog } = all as Record<'agency' | 'daily' | 'blog', (typeof all)[string]>;
const numberOf = (url: string) => Number(url.split('-').at(-1));

describe('the timeline', () => {
  it('starts with a backlog over the last two days and goes on every 8 s', () => {
    const times = newest(of, start, 100).map((number) => publishedAt(of, number));
    expect(times).toHaveLength(BACKLOG);
    expect(Math.min(...times)).toBeGreaterThan(start - 48 * 3_600_000);
    expect(Math.max(...times)).toBeLessThanOrEqual(start);
    expect(newest(of, start + 80_000, 100)).toHaveLength(BACKLOG + 10);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });
});

describe.each(Object.entries(all))('/%s', (_path, partner) => {
  const articles = partner.articles(later);

  it('publishes nothing in the future, no id twice, no time of change twice', () => {
    expect(articles.length).toBeGreaterThan(10);
    expect(Math.max(...articles.map((article) => article.updatedAt))).toBeLessThanOrEqual(later);
    for (const article of articles) expect(article.updatedAt).toBeGreaterThanOrEqual(article.publishedAt);
    expect(new Set(articles.map((article) => article.id)).size).toBe(articles.length);
  });

  it('answers its feed, its front page and every article', () => {
    const feed = answer(partner.feedPath, all, later);
    expect(feed.status).toBe(200);
    expect(feed.headers['content-type']).toMatch(/^application\/(rss\+xml|atom\+xml|feed\+json); charset=utf-8$/);
    expect(String(feed.body)).not.toMatch(/undefined|NaN|Invalid/);
    expect(answer(partner.feedPath, all, later).headers).toEqual(feed.headers);
    expect(answer(`/${partner.feedPath.split('/')[1]}/`, all, later).status).toBe(200);
    for (const article of articles) {
      const page = answer(article.url.slice(SITE.length), all, later);
      expect(page.status).toBe(200);
      expect(String(page.body)).toContain('<h1>');
    }
  });
});

describe('the agency', () => {
  it('updates some and corrects one in eleven, under the same guid', () => {
    const number = Array.from({ length: 99 }, (_, index) => BACKLOG + index).find(
      (n) => isCorrected(n) && !isUpdated(n),
    )!;
    const key = `${of.code}-${number}`;
    const first = agency.article(key, publishedAt(of, number))!;
    const second = agency.article(key, publishedAt(of, number) + 80_000)!;
    expect(second.id).toBe(first.id);
    expect(second.title).toMatch(/^(CORRECTED|KORRIGIERT|CORRIGÉ|CORREGIDO|تصحيح)/);
    expect(second.paragraphs[0]).not.toBe(first.paragraphs[0]);
    expect(second.updatedAt).toBeGreaterThan(first.updatedAt);
  });

  it('writes dates of RFC 822, description before content, no HTML in plain elements, and a self link that matches', () => {
    const rss = agency.render(agency.articles(later));
    for (const [, item = ''] of rss.matchAll(/<item>(.*?)<\/item>/gs)) {
      expect(item.indexOf('<description>')).toBeLessThan(item.indexOf('<content:encoded>'));
      expect(item.match(/<guid isPermaLink="false">/g)).toHaveLength(1);
      expect(/<(title|description)>[^<]*&lt;/.test(item)).toBe(false);
    }
    expect(rss).toContain(`href="${SITE}${agency.feedPath}"`);
    for (const [, date] of rss.matchAll(/<pubDate>(.*?)<\/pubDate>/g))
      expect(date).toMatch(/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/);
  });
});

describe('the Daily', () => {
  const originals = new Map(agency.articles(later).map((article) => [numberOf(article.url), article]));

  it('really shortens half of the wire, with its own footer, guids and addresses', () => {
    const copies = daily.articles(later).filter((copy) => takes(numberOf(copy.url)) === 'shortened');
    expect(copies.length).toBeGreaterThan(10);
    for (const copy of copies) {
      const original = originals.get(numberOf(copy.url));
      if (!original) continue;
      expect(copy.paragraphs.join().length).toBeLessThan(original.paragraphs.join().length);
      expect(copy.footer).toContain('Harrowmere Daily');
      expect(copy.id).not.toBe(original.id);
      expect(copy.url).not.toBe(original.url);
      expect(copy.via).toBe(original.url);
    }
  });

  it('runs some in full, word for word', () => {
    const full = daily.articles(later).filter((copy) => takes(numberOf(copy.url)) === 'in full');
    expect(full.length).toBeGreaterThan(2);
    for (const copy of full) {
      const original = originals.get(numberOf(copy.url));
      if (original) expect([copy.title, copy.paragraphs]).toEqual([original.title, original.paragraphs]);
    }
  });
});

describe('the blog', () => {
  it('is JSON Feed 1.1 with an id an item', () => {
    const feed = JSON.parse(blog.render(blog.articles(later)));
    expect(feed.version).toBe('https://jsonfeed.org/version/1.1');
    for (const item of feed.items)
      expect(item).toMatchObject({ id: expect.any(String), content_html: expect.any(String) });
  });
});

describe('pictures', () => {
  it('are PNG of the size they say, the same each time, another for another story', () => {
    const picture = illustration('a/1');
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([960, 540]);
    const data = picture.indexOf('IDAT');
    expect(inflateSync(picture.subarray(data + 4, data + 4 + picture.readUInt32BE(data - 4))).length).toBe(961 * 540);
    expect(illustration('a/1').equals(picture)).toBe(true);
    expect(illustration('a/2').equals(picture)).toBe(false);
  });
});
