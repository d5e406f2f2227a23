/** The operator's overview: what fails first, then what waits. */
import type { TroubledDelivery } from '#storage/delivery-trouble.repository.js';
import type { FeedAdminRow } from '#storage/feed-admin.repository.js';
import type { HubStatus } from '#storage/hub-status.repository.js';
import { html, type Html } from './html.js';
import { layout } from './layout.js';

export interface Overview {
  siteName: string;
  publicUrl: string;
  now: Date;
  demo: 'on' | 'off';
  status: HubStatus;
  /** Failing ones first. */
  feeds: FeedAdminRow[];
  deliveries: TroubledDelivery[];
}

const REFRESH_SECONDS = 15;

export function overviewPage(overview: Overview): Html {
  const { siteName, publicUrl, now, demo, status, feeds, deliveries } = overview;
  return layout({
    title: 'Overview',
    siteName,
    refreshSeconds: REFRESH_SECONDS,
    loggedIn: true,
    main: html`<h1>Overview</h1>
      <p class="soft">
        As of ${time(now)}, loaded anew every ${REFRESH_SECONDS} s. Readers see <a href="${publicUrl}">${publicUrl}</a>.
        ${demo === 'on' ? html`<strong>The demo is running</strong>; the first real feed ends it for good.` : null}
      </p>
      ${tiles(status)}
      <h2 id="feeds">Feeds</h2>
      ${feeds.length === 0 ? html`<p class="empty">No feed yet: <code>npm run dateline -- feeds add URL</code></p>` : feedTable(feeds, now)}
      <h2 id="deliveries">Deliveries in trouble</h2>
      ${deliveries.length === 0 ? html`<p class="empty">None in the last seven days.</p>` : deliveryTable(deliveries, now)}`,
  });
}

function tiles({ feeds, items, stories, events, deliveries, endpoints, leases }: HubStatus): Html {
  const waiting = items.unprocessed + events.unrelayed + events.unpublished;
  return html`<ul class="tiles">
    ${tile(feeds.active, `feeds active, ${feeds.paused} paused`)}
    ${tile(feeds.failing, 'feeds failing', feeds.failing > 0 ? 'bad' : '')}
    ${tile(stories.published, 'stories published')}
    ${tile(waiting, 'items and events waiting', waiting > 1_000 ? 'warn' : '')}
    ${tile(deliveries.pending + deliveries.delivering, 'deliveries on their way')}
    ${tile(deliveries.failed, 'deliveries failed', deliveries.failed > 0 ? 'bad' : '')}
    ${tile(endpoints.active, `endpoints active, ${endpoints.disabled} disabled`)}
    ${tile(feeds.enqueued + leases.deliveries, 'jobs at work')}
  </ul>`;
}

function tile(count: number, label: string, mood = ''): Html {
  return html`<li class="tile ${mood}"><b>${count.toLocaleString('en-GB')}</b><span>${label}</span></li> `;
}

function feedTable(feeds: FeedAdminRow[], now: Date): Html {
  const rows = feeds.map(
    (feed) =>
      html`<tr>
        <td>${feed.title ?? feed.partner_name}<br /><span class="soft">${feed.url}</span></td>
        <td>${health(feed)}</td>
        <td class="n">${ago(feed.last_success_at, now)}</td>
        <td>
          ${feed.status === 'active' ? ahead(feed.next_fetch_at, now) : '–'}<br /><span class="soft"
            >${feed.next_fetch_reason}</span
          >
        </td>
      </tr> `,
  );
  return html`<div class="scroll" role="region" aria-labelledby="feeds" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">Feed</th>
          <th scope="col">State</th>
          <th scope="col">Last success</th>
          <th scope="col">Next fetch</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function health(feed: FeedAdminRow): Html {
  if (feed.status !== 'active') return html`<span class="warn-text">${feed.status}</span> ${feed.status_reason}`;
  if (feed.last_error_class !== null)
    return html`<strong class="bad-text">${feed.last_error_class}</strong> (${feed.consecutive_failures} in a row)<br />${feed.last_error}`;
  return feed.last_success_at === null ? html`not fetched yet` : html`<span class="good">well</span>`;
}

function deliveryTable(deliveries: TroubledDelivery[], now: Date): Html {
  const rows = deliveries.map(
    (delivery) =>
      html`<tr>
        <td>${delivery.endpoint_url ?? 'a removed endpoint'}<br /><span class="soft">${delivery.id}</span></td>
        <td>
          <strong class="${delivery.status === 'failed' ? 'bad-text' : 'warn-text'}">${delivery.status}</strong> after
          ${delivery.attempts}
        </td>
        <td>${delivery.http_status === null ? null : html`HTTP ${delivery.http_status} `}${delivery.error}</td>
        <td class="n">${delivery.status === 'pending' ? nextAttempt(delivery, now) : '–'}</td>
      </tr> `,
  );
  return html`<div class="scroll" role="region" aria-labelledby="deliveries" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">Endpoint</th>
          <th scope="col">State</th>
          <th scope="col">Last answer</th>
          <th scope="col">Next attempt</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function nextAttempt({ next_attempt_at, is_paused, circuit_until }: TroubledDelivery, now: Date): string {
  if (is_paused) return 'the endpoint is paused';
  return `${ahead(next_attempt_at, now)}${circuit_until === null ? '' : ' (its circuit is open)'}`;
}

function time(date: Date): Html {
  return html`<time datetime="${date.toISOString()}">${date.toISOString().slice(0, 19).replace('T', ' ')} UTC</time>`;
}

function ago(date: Date | null, now: Date): string {
  return date === null ? 'never' : `${duration(now.getTime() - date.getTime())} ago`;
}

function ahead(date: Date, now: Date): string {
  const ms = date.getTime() - now.getTime();
  return ms <= 0 ? 'now' : `in ${duration(ms)}`;
}

/** Rounded to the unit that matters: 40 s, 12 min, 5 h, 3 d. */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3_600) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
