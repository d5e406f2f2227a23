/** The document as the hub shows it: what the partner wrote as HTML, made safe the way the processor does it. */
import { type ParsedDocument } from '#contracts/parsed-feed.js';
import { boundHtml } from '#html/bound-html.js';
import { sanitiseHtml } from '#html/sanitise-html.js';

/** The same document with the `summary` and `content` of its items sanitised; one that is empty then is left out. */
export function sanitisedDocument(document: ParsedDocument): ParsedDocument {
  return {
    ...document,
    items: document.items.map(({ summary, content, ...item }) => ({
      ...item,
      ...kept('summary', summary),
      ...kept('content', content),
    })),
  };
}

function kept<K extends string>(key: K, html: string | undefined): { [P in K]?: string } {
  const safe = html === undefined ? '' : sanitiseHtml(boundHtml(html));
  return safe === '' ? {} : ({ [key]: safe } as { [P in K]: string });
}
