/** The public pages of a running hub in a real browser: nothing overflows, nothing is refused, nothing is fetched from elsewhere, everybody can use them. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { projectFile } from '#config/project-file.js';
import { BROWSER_HERE, openBrowser } from './support/browser.js';
import { redisUrl } from './support/config.js';
import { testDatabase, type TestDatabase } from './support/database.js';
import { Hub } from './support/hub.js';
import { addEvent } from './support/published-stories.js';
import { until } from './support/until.js';

const ARTEFACTS = projectFile('test-artefacts');
const PHONE = { width: 360, height: 900 };
const DESKTOP = { width: 1280, height: 900 };
/** Where it is not 200. */
const EXPECTED: Record<string, number> = { withdrawn: 410, 'not-found': 404 };

interface FeedItem {
  url: string;
  title: string;
  language?: string;
  image?: string;
}

(BROWSER_HERE ? describe : describe.skip)('the public pages in Chromium', () => {
  let test: TestDatabase;
  let hub: Hub;
  let browser: Browser;
  let items: FeedItem[];
  let pages: [name: string, path: string][];

  beforeAll(async () => {
    await mkdir(ARTEFACTS, { recursive: true });
    test = await testDatabase({ migrate: false });
    // One after the other: what has been started is known when the next one fails.
    browser = await openBrowser();
    const env = { DEMO: 'on', REDIS_PREFIX: `pages${process.pid}` };
    hub = await Hub.start({ databaseUrl: test.url, redisUrl: redisUrl(), env });
    items = await hub.until('the demo has filled the feed', enough, 180_000);
    pages = await paths();
  }, 420_000);
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
    await test?.drop();
  });

  /** A day's worth of stories, one of them in Arabic, one in English with a picture. */
  async function enough(): Promise<FeedItem[] | undefined> {
    const feed = (await (await fetch(`${hub.publisher}/feeds/all.json`)).json()) as { items: FeedItem[] };
    const isThere = feed.items.some(({ language }) => language === 'ar') && feed.items.some(isIllustrated);
    return feed.items.length >= 15 && isThere ? feed.items : undefined;
  }

  const isIllustrated = ({ language, image }: FeedItem): boolean => language === 'en' && image !== undefined;
  const pathOf = (item: FeedItem | undefined): string => new URL(item?.url ?? hub.publisher).pathname;
  const idOf = (item: FeedItem | undefined): string => pathOf(item).split('/')[2] ?? '';

  /** Every kind of page. One story is corrected on the way, another one withdrawn. */
  async function paths(): Promise<[name: string, path: string][]> {
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
    const arabic = items.find(({ language }) => language === 'ar');
    const illustrated = items.find(isIllustrated);
    const gone = items.find((item) => item !== arabic && item !== illustrated);
    const word = illustrated?.title.split(' ').find((part) => /^\w{5,}$/.test(part)) ?? 'the';
    const story = pathOf(illustrated);
    const { body: partners } = await hub.api<{ items: { slug: string }[] }>('GET', '/partners');
    await correct(idOf(illustrated));
    await sql`UPDATE stories SET status = 'withdrawn' WHERE id = ${idOf(gone)}`.execute(test.database.db);
    await addEvent(test.database, idOf(gone), 2, 'story.withdrawn');
    const all: [string, string][] = [
      ['home', '/'],
      ['home-arabic', '/ar'],
      ['home-older', `/?before=${idOf(items[4])}`],
      ['story', story],
      ['story-arabic', `/ar${pathOf(arabic)}`],
      ['story-changes', `${story}/changes`],
      ['withdrawn', pathOf(gone)],
      ['channel', '/channels/english'],
      ['partner', `/fr/partners/${partners.items[0]?.slug}`],
      ['tag', `/es${(await (await fetch(hub.publisher + story)).text()).match(/\/tags\/[^"]+/)?.[0]}`],
      ['archive', '/archive'],
      ['archive-year', `/de/archive/${day.slice(0, 4)}`],
      ['archive-month', `/archive/${day.slice(0, 7)}`],
      ['archive-month-arabic', `/ar/archive/${day.slice(0, 7)}`],
      ['archive-day', `/archive/${day}`],
      ['search', `/search?q=${word}`],
      ['search-nothing', '/search?q=zzqqzz'],
      ['about', '/about'],
      ['not-found', '/nothing/here'],
    ];
    await until(
      'the story is corrected',
      async () => (await fetch(`${hub.publisher}${story}/changes`)).ok || undefined,
    );
    return all;
  }

  /** The story's first sentence is rewritten, as if its partner had sent it again. */
  async function correct(id: string): Promise<void> {
    const { db } = test.database;
    await sql`UPDATE stories SET version = version + 1, updated_at = now() + interval '5 minutes' WHERE id = ${id}`.execute(
      db,
    );
    await sql`INSERT INTO story_versions (story_id, version, created_at, item_id, changed, title, content, body_text)
      SELECT id, version, updated_at, leading_item_id, '{content}', title, content,
        'Corrected: ' || body_text FROM stories WHERE id = ${id}`.execute(db);
    await addEvent(test.database, id, 99, 'story.updated');
  }

  /** Opens a window, looks, and gives back what the browser refused, missed or asked of others. */
  async function visit(options: BrowserContextOptions, look: (page: Page) => Promise<void>): Promise<string[]> {
    const context = await browser.newContext({ viewport: DESKTOP, ...options });
    const complaints: string[] = [];
    try {
      const page = await context.newPage();
      page.on('console', (message) => complaints.push(message.text()));
      page.on('requestfailed', (request) => {
        // A picture further down that the next page came before is none.
        const problem = request.failure()?.errorText;
        if (problem !== 'net::ERR_ABORTED') complaints.push(`${problem}: ${request.url()}`);
      });
      page.on('request', (request) => {
        const elsewhere = new URL(request.url()).origin !== new URL(hub.publisher).origin;
        if (elsewhere && request.resourceType() !== 'image') complaints.push(`elsewhere: ${request.url()}`);
      });
      await look(page);
      if ((await context.cookies()).length > 0) complaints.push('cookies');
      // A page that is not there is said to be missing: that is no complaint.
      return complaints.filter((line) => !/status of (404|410)/.test(line));
    } finally {
      await context.close();
    }
  }

  it.each([
    ['phone', PHONE],
    ['desktop', DESKTOP],
  ])('fit a %s and keep to themselves, without JavaScript', async (_, viewport) => {
    const complaints = await visit({ viewport, javaScriptEnabled: false }, async (page) => {
      for (const [name, path] of pages) {
        const answer = await page.goto(hub.publisher + path, { waitUntil: 'load' });
        expect([name, answer?.status()]).toEqual([name, EXPECTED[name] ?? 200]);
        const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
        expect([name, overflow]).toEqual([name, 0]);
        expect([name, await page.locator('h1').count()]).toEqual([name, 1]);
        await page.screenshot({ path: join(ARTEFACTS, `${name}-${viewport.width}.png`) });
      }
    });
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('have nothing that shuts anybody out (axe), in %s', async (colorScheme) => {
    // For the browser, as text: it cannot be imported without a window.
    const axe = await readFile(projectFile('node_modules/axe-core/axe.min.js'), 'utf8');
    await visit({ viewport: colorScheme === 'light' ? PHONE : DESKTOP, colorScheme }, async (page) => {
      for (const [name, path] of pages) {
        await page.goto(hub.publisher + path, { waitUntil: 'load' });
        await page.evaluate(axe);
        const violations = await page.evaluate(`axe.run({ resultTypes: ['violations'] }).then(({ violations }) =>
          violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' | ')))`);
        expect([name, violations]).toEqual([name, []]);
        if (colorScheme === 'dark' && /^(home|story)$/.test(name))
          await page.screenshot({ path: join(ARTEFACTS, `${name}-dark-1280.png`) });
      }
    });
  });

  it('are laid out from right to left in Arabic', async () => {
    await visit({}, async (page) => {
      const arabic = pages.find(([name]) => name === 'story-arabic');
      await page.goto(hub.publisher + (arabic?.[1] ?? ''));
      const [brand, search] = [await page.locator('.brand').boundingBox(), await page.locator('.search').boundingBox()];
      expect(brand?.x).toBeGreaterThan(search?.x ?? Infinity);
      for (const place of ['body', '.prose', 'h1', '.story-foot'])
        expect([place, await page.evaluate(`getComputedStyle(document.querySelector('${place}')).direction`)]).toEqual([
          place,
          'rtl',
        ]);
      expect(await page.locator('html').getAttribute('lang')).toMatch(/^ar/);
    });
  });

  it('can be read with the keyboard alone: first the way to the content, then every link, visibly', async () => {
    await visit({ javaScriptEnabled: false }, async (page) => {
      for (const path of ['/', pathOf(items.find(isIllustrated))]) {
        await page.goto(hub.publisher + path);
        await page.keyboard.press('Tab');
        expect(await page.evaluate('document.activeElement.className')).toBe('skip');
        await page.keyboard.press('Enter');
        expect(new URL(page.url()).hash).toBe('#content');
        const reachable = await page.locator('main :is(a[href], summary, input):not([tabindex="-1"])').count();
        for (let steps = 0; steps < Math.min(reachable, 40); steps++) {
          await page.keyboard.press('Tab');
          const focus = await page.evaluate(`(({ outlineStyle }, box, inMain) => [outlineStyle, box.width > 0, inMain])(
            getComputedStyle(document.activeElement), document.activeElement.getBoundingClientRect(),
            document.activeElement.closest('main') !== null)`);
          expect(focus).toEqual(['solid', true, true]);
        }
      }
    });
  });

  it('pass a story on by the share sheet and the clipboard, with a script of their own', async () => {
    const complaints = await visit({ permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      await page.addInitScript('navigator.share = async (story) => { window.shared = story; };');
      await page.goto(hub.publisher + pathOf(items.find(isIllustrated)));
      const link = await page.locator('#permalink').inputValue();
      await page.locator('[data-copy]').click();
      await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
      expect(await page.locator('[data-copy]').textContent()).toBe('Copy link');
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link);
      await page.locator('[data-share]').click();
      expect(await page.evaluate('window.shared.url')).toBe(link);
    });
    expect(complaints).toEqual([]);
  });

  it('have a dark look, a look on paper, and say that this is a demonstration', async () => {
    await visit({ colorScheme: 'dark' }, async (page) => {
      await page.goto(hub.publisher + pathOf(items.find(isIllustrated)));
      const ground = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(await ground()).toBe('rgb(21, 20, 18)');
      expect(await page.locator('.demo').innerText()).toContain('This is a demonstration');
      await page.emulateMedia({ media: 'print' });
      expect(await ground()).toBe('rgb(255, 255, 255)');
      for (const place of ['.sections', '.share', '.demo']) expect(await page.locator(place).isVisible()).toBe(false);
      expect(await page.locator('.prose').isVisible()).toBe(true);
    });
  });
});
