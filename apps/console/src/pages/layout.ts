/** The frame of every page of the console. */
import { Html, html } from './html.js';
import { STYLE } from './style.js';

export interface Layout {
  title: string;
  siteName: string;
  /** Seconds after which the page loads itself anew; works without JavaScript. */
  refreshSeconds?: number;
  /** Links and the log-out button are for those who are in. */
  loggedIn: boolean;
  main: Html;
}

export function layout({ title, siteName, refreshSeconds, loggedIn, main }: Layout): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        ${refreshSeconds === undefined ? null : html`<meta http-equiv="refresh" content="${refreshSeconds}" />`}
        <title>${title} – ${siteName} console</title>
        <link rel="icon" href="data:," />
        ${new Html(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <header>
          <strong>${siteName} console</strong>
          ${loggedIn ? navigation() : null}
        </header>
        <main>${main}</main>
      </body>
    </html> `;
}

function navigation(): Html {
  return html`<nav aria-label="Console">
    <a href="/">Overview</a>
    <a href="/queues">Queues</a>
    <a href="/api/docs">API</a>
    <a href="/metrics">Metrics</a>
    <form method="post" action="/logout"><button>Log out</button></form>
  </nav>`;
}
