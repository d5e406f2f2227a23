/** The page that asks for the token. */
import { html, type Html } from './html.js';
import { layout } from './layout.js';

/** `next`: the path to go on to; `error`: why the last try failed. */
export function loginPage({ next, error }: { next: string; error?: string }): Html {
  return layout({
    title: 'Log in',
    siteName: 'Dateline',
    loggedIn: false,
    main: html`<section class="card">
      <h1>Log in</h1>
      ${error === undefined ? null : html`<p class="bad-text" role="alert">${error}</p>`}
      <form method="post" action="/login">
        <input type="hidden" name="next" value="${next}" />
        <label for="token">Admin token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required autofocus />
        <button class="main">Log in</button>
      </form>
      <p class="soft">
        The token is <code>ADMIN_TOKEN</code>, or the text in the file <code>admin-token</code> of the data folder.
      </p>
    </section>`,
  });
}
