/** The bench's partner, a process of its own: feeds that never change, feeds full of news, feeds with one new item a request, feeds with a WebSub hub. */
import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { serveCalls } from '../ground/rpc.js';
import { benchArticle, benchFeed } from '../ground/wire.js';
import { listenOnLoopback } from './loopback.js';

const ETAG = '"unchanged"';
const UNCHANGED_ITEMS = 12;
const LIVE_LENGTH = 20;
const NEWS_DATE = 'Mon, 02 Nov 2026 08:00:00 GMT';
const RSS = { 'content-type': 'application/rss+xml; charset=utf-8' };

const state = {
  unchangedBody: Buffer.alloc(0),
  served: { full: 0, notModified: 0 },
  news: new Map<string, Buffer>(),
  /** Requests for news since it was last asked, and when the first of them arrived. */
  newsServed: { full: 0, notModified: 0, first: 0n },
  /** When the request that first carried a live item arrived (ns, the machine's monotonic clock). */
  liveTimes: new Map<number, bigint>(),
  /** Who is to be pushed to, by topic. */
  subscribers: new Map<string, { callback: string; secret: string }>(),
  liveFeeds: new Map<string, ReturnType<typeof benchArticle>[]>(),
};

const site = await listenOnLoopback((request, response) => {
  const arrived = process.hrtime.bigint();
  const path = request.url ?? '/';
  if (path.startsWith('/unchanged/')) {
    if (request.headers['if-none-match'] === ETAG) {
      state.served.notModified++;
      response.writeHead(304, { etag: ETAG }).end();
    } else {
      state.served.full++;
      response.writeHead(200, { ...RSS, etag: ETAG, 'content-length': state.unchangedBody.length });
      response.end(state.unchangedBody);
    }
  } else if (path.startsWith('/news/')) {
    serveNews(path, request.headers, response, arrived);
  } else if (path.startsWith('/pushed/')) {
    response.writeHead(200, { ...RSS, link: `<${site}/hub>; rel="hub", <${site}${path}>; rel="self"` });
    response.end(benchFeed(site, path, []));
  } else if (path === '/hub') {
    takeSubscription(request, response);
  } else if (path.startsWith('/live/')) {
    response.writeHead(200, RSS).end(live(path, arrived));
  } else {
    response.writeHead(404).end();
  }
});

/** A document of news never changes: its path is as good a validator as any. Some readers only know the other one. */
function serveNews(path: string, asked: IncomingHttpHeaders, response: ServerResponse, arrived: bigint): void {
  const { news, newsServed } = state;
  const [body, etag] = [news.get(path), `"${path}"`];
  const tag = asked['if-none-match'];
  const isKnown = tag === undefined ? asked['if-modified-since'] === NEWS_DATE : tag === etag;
  if (newsServed.first === 0n) newsServed.first = arrived;
  if (!body) return void response.writeHead(404).end();
  if (isKnown) {
    newsServed.notModified++;
    response.writeHead(304, { etag }).end();
  } else {
    newsServed.full++;
    response.writeHead(200, { ...RSS, etag, 'last-modified': NEWS_DATE, 'content-length': body.length }).end(body);
  }
}

/** Adds one item to the feed at `path` and returns the feed's newest items. */
function live(path: string, arrived: bigint): string {
  const number = state.liveTimes.size;
  state.liveTimes.set(number, arrived);
  const articles = state.liveFeeds.get(path) ?? [];
  articles.unshift(benchArticle(site, `live-${number}`, 500_000 + number, Date.now() - 1_000));
  state.liveFeeds.set(path, articles.slice(0, LIVE_LENGTH));
  return benchFeed(site, path, articles.slice(0, LIVE_LENGTH));
}

/** The smallest hub: takes every subscription, asks back at once, and keeps what it needs to push. */
function takeSubscription(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(202).end();
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const topic = form.get('hub.topic') ?? '';
    const callback = form.get('hub.callback') ?? '';
    const question = {
      'hub.mode': 'subscribe',
      'hub.topic': topic,
      'hub.challenge': 'bench',
      'hub.lease_seconds': '86400',
    };
    void fetch(`${callback}?${new URLSearchParams(question).toString()}`).then((answer) => {
      if (answer.ok) state.subscribers.set(topic, { callback, secret: form.get('hub.secret') ?? '' });
    });
  });
}

/** Pushes a document with one new item to the feed's subscriber. Its time begins when the push is sent. */
async function pushNews(path: string): Promise<void> {
  const subscriber = state.subscribers.get(site + path);
  if (!subscriber) throw new Error(`nobody subscribed to ${path}`);
  const number = state.liveTimes.size;
  const body = benchFeed(site, path, [benchArticle(site, `live-${number}`, 700_000 + number, Date.now() - 1_000)]);
  const signature = `sha256=${createHmac('sha256', subscriber.secret).update(body).digest('hex')}`;
  state.liveTimes.set(number, process.hrtime.bigint());
  const answer = await fetch(subscriber.callback, {
    method: 'POST',
    headers: { ...RSS, 'x-hub-signature': signature },
    body,
  });
  if (!answer.ok) throw new Error(`a push was answered with ${answer.status}`);
}

/** The same document for every unchanged feed: its size is what matters, about 15 KB. */
function prepareUnchanged(): void {
  const now = Date.now();
  const articles = Array.from({ length: UNCHANGED_ITEMS }, (_, index) =>
    benchArticle(site, `unchanged-${index}`, 900_000 + index, now - 90 * 86_400_000 - index * 60_000),
  );
  state.unchangedBody = Buffer.from(benchFeed(site, '/unchanged', articles));
}

prepareUnchanged();

serveCalls({
  site: () => site,
  unchangedBytes: () => state.unchangedBody.length,
  served: () => state.served,
  /** Writes `feeds` documents of `items` distinct items each, `/news/0` on, published over the last hours. */
  prepareNews: ({ feeds, items }: { feeds: number; items: number }) => {
    const now = Date.now();
    for (let feed = 0; feed < feeds; feed++) {
      const articles = Array.from({ length: items }, (_, index) =>
        benchArticle(site, `news-${feed}-${index}`, feed * items + index, now - (index + 1) * 60_000),
      );
      state.news.set(`/news/${feed}`, Buffer.from(benchFeed(site, `/news/${feed}`, articles)));
    }
  },
  /** Answers and forgets: what was served of news since the last time. */
  takeNewsServed: () => {
    const { newsServed } = state;
    state.newsServed = { full: 0, notModified: 0, first: 0n };
    return newsServed;
  },
  liveTimes: () => state.liveTimes,
  subscribers: () => state.subscribers.size,
  pushNews,
});
