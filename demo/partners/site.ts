/** The demo partners' web server: three sites under one loopback address, with feeds that honour conditional requests. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { agency, readKey } from './agency.js';
import { lastChange, type Partner } from './article.js';
import { articlePage, frontPage } from './article-page.js';
import { blogger } from './blogger.js';
import { daily } from './daily.js';
import { illustration } from './illustration.js';
import { type Edition } from './timeline.js';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const NOT_FOUND: Answer = { status: 404, headers: { 'content-type': 'text/plain' }, body: 'There is nothing here.\n' };

/** The three partners of an edition, keyed by the first part of their paths. `site` is the origin they are reached at. */
export function partners(site: string, of: Edition): Record<string, Partner> {
  return { agency: agency(site, of), daily: daily(site, of), blog: blogger(site, of) };
}

/** Serves the partners on 127.0.0.1. The returned server listens already. */
export async function servePartners(port: number, all: Record<string, Partner>): Promise<Server> {
  const server = createServer((request, response) =>
    send(request, response, answer(request.url ?? '/', all, Date.now())),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

/** What a GET of `path` is answered at `now` (ms): feed, front page, article, picture or 404. */
export function answer(path: string, all: Record<string, Partner>, now: number): Answer {
  const [site = '', ...rest] = path.split('?')[0]!.split('/').filter(Boolean);
  const partner = all[site];
  if (!partner) return NOT_FOUND;
  if (`/${[site, ...rest].join('/')}` === partner.feedPath) return feed(partner, now);
  if (rest.length === 0) return { status: 200, headers: HTML, body: frontPage(partner, partner.articles(now)) };
  if (rest[0] === 'images') return picture(partner, rest[1] ?? '');
  const article = partner.article(rest[1] ?? '', now);
  return article ? { status: 200, headers: HTML, body: articlePage(partner, article) } : NOT_FOUND;
}

function feed(partner: Partner, now: number): Answer {
  const articles = partner.articles(now);
  const body = partner.render(articles);
  const headers = {
    'content-type': partner.feedType,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    'last-modified': new Date(lastChange(articles)).toUTCString(),
  };
  return { status: 200, headers, body };
}

function picture(partner: Partner, file: string): Answer {
  const key = file.replace(/\.png$/, '');
  if (!readKey(key)) return NOT_FOUND;
  const headers = { 'content-type': 'image/png', 'cache-control': 'public, max-age=86400, immutable' };
  return { status: 200, headers, body: illustration(`${partner.slug}/${key}`) };
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
  } else if (status === 200 && isUnchanged(request, headers)) {
    response.writeHead(304, headers).end();
  } else {
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  }
}

/** RFC 9110, 13.2.2: If-None-Match decides alone where it is given. */
function isUnchanged(request: IncomingMessage, headers: Record<string, string>): boolean {
  const tags = request.headers['if-none-match'];
  if (tags !== undefined) return headers.etag !== undefined && tags.split(/\s*,\s*/).includes(headers.etag);
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  const changed = Date.parse(headers['last-modified'] ?? '');
  return changed <= since;
}
