/** The public pages of a running hub in a real browser, without JavaScript: nothing overflows, nothing is refused, nothing is fetched from elsewhere. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { projectFile } from '#config/project-file.js';
import { BROWSER_HERE, openBrowser } from './support/browser.js';
import { redisUrl } from './support/config.js';
import { testDatabase, type TestDatabase } from './support/database.js';
import { Hub } from './support/hub.js';
import { until } from './support/until.js';

const ARTEFACTS = projectFile('test-artefacts');

interface FeedItem {
  url: string;
  title: string;
  language?: string;
  tags: string[];
}

(BROWSER_HERE ? describe : describe.skip)('the public pages in Chromium', () => {
  let test: TestDatabase;
  let hub: Hub;
  let browser: Browser;
  let items: FeedItem[];

  beforeAll(async () => {
    await mkdir(ARTEFACTS, { recursive: true });
    test = await testDatabase({ migrate: false });
    // One after the other: what has been started is known when the next one fails.
    browser = await openBrowser();
    hub = await Hub.start({ databaseUrl: test.url, redisUrl: redisUrl(), env: { DEMO: 'on' } });
    items = await until('the demo has filled the feed', enough, 90_000);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
    await test?.drop();
  }, 60_000);

  /** A day's worth of stories, one of them in Arabic. */
  async function enough(): Promise<FeedItem[] | undefined> {
    const feed = (await (await fetch(`${hub.publisher}/feeds/all.json`)).json()) as { items: FeedItem[] };
    return feed.items.length >= 15 && feed.items.some(({ language }) => language === 'ar') ? feed.items : undefined;
  }

  /** Opens `path`, collecting what the browser refused, missed or asked of others. */
  async function visit(
    path: string,
    options: BrowserContextOptions,
    look: (page: Page) => Promise<void>,
  ): Promise<string[]> {
    const context = await browser.newContext({ javaScriptEnabled: false, ...options });
    const complaints: string[] = [];
    try {
      const page = await context.newPage();
      page.on('console', (message) => complaints.push(message.text()));
      page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
      page.on('request', (request) => {
        const elsewhere = new URL(request.url()).origin !== new URL(hub.publisher).origin;
        if (elsewhere && request.resourceType() !== 'image') complaints.push(`elsewhere: ${request.url()}`);
      });
      await page.goto(hub.publisher + path, { waitUntil: 'load' });
      await look(page);
      if ((await context.cookies()).length > 0) complaints.push('cookies');
      return complaints;
    } finally {
      await context.close();
    }
  }

  const storyPath = (item: FeedItem | undefined): string => new URL(item?.url ?? hub.publisher).pathname;

  function paths(): [name: string, path: string][] {
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
    const [arabic] = items.filter(({ language }) => language === 'ar');
    const [english] = items.filter(({ language }) => language === 'en');
    const word = english?.title.split(' ').find((part) => /^\w{5,}$/.test(part)) ?? 'the';
    return [
      ['home', '/'],
      ['story', storyPath(english)],
      ['story-arabic', storyPath(arabic)],
      ['archive', '/archive'],
      ['archive-month', `/archive/${day.slice(0, 7)}`],
      ['archive-day', `/archive/${day}`],
      ['search', `/search?q=${word}`],
      ['search-nothing', '/search?q=zzqqzz'],
      ['about', '/about'],
      ['not-found', '/nothing/here'],
    ];
  }

  for (const [device, width] of [
    ['phone', 360],
    ['desktop', 1280],
  ] as const) {
    it(`fit a ${device} and keep to themselves`, async () => {
      for (const [name, path] of paths()) {
        const complaints = await visit(path, { viewport: { width, height: 900 } }, async (page) => {
          const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
          expect([name, overflow]).toEqual([name, 0]);
          await page.screenshot({ path: join(ARTEFACTS, `${name}-${width}.png`) });
        });
        // A page that is not there is said to be missing: that is no complaint.
        expect([name, complaints.filter((line) => !line.includes('404 (Not Found)'))]).toEqual([name, []]);
      }
    }, 120_000);
  }

  it('have a dark look, and a layout for right-to-left', async () => {
    await visit('/', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }, async (page) => {
      const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(background).toBe('rgb(21, 20, 18)');
      await page.screenshot({ path: join(ARTEFACTS, 'home-dark-1280.png') });
    });
    const arabic = items.find(({ language }) => language === 'ar');
    await visit(storyPath(arabic), { viewport: { width: 1280, height: 900 } }, async (page) => {
      expect(await page.evaluate(`getComputedStyle(document.querySelector('.prose')).direction`)).toBe('rtl');
    });
  }, 60_000);

  it('can be read with the keyboard alone: first the way to the content, then every link, visibly', async () => {
    await visit('/', { viewport: { width: 1280, height: 900 } }, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.className')).toBe('skip');
      await page.keyboard.press('Enter');
      expect(new URL(page.url()).hash).toBe('#content');
      for (let steps = 0; steps < 12; steps++) {
        await page.keyboard.press('Tab');
        expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
      }
    });
  }, 60_000);

  it('say that this is a demonstration', async () => {
    await visit('/', {}, async (page) => {
      expect(await page.locator('.demo').innerText()).toContain('This is a demonstration');
    });
  }, 60_000);
});
