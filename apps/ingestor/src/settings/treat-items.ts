/** What a feed's settings do to the items of a document, as far as no request is needed: trackers out, rules asked. Pure. */
import { decodeHTMLAttribute } from 'entities';
import type { ItemRule } from '#contracts/feed-settings.js';
import type { ParsedItem } from '#contracts/parsed-feed.js';
import { type CompiledRules, refusal } from '#domain/item-rules.js';
import { withoutTrackers } from '#domain/tracking-parameters.js';

export interface ItemTask {
  items: ParsedItem[];
  rules: ItemRule[];
  stripTrackers: boolean;
}

/** Items in the order of the task, each with why the rules refuse it. */
export interface TreatedItems {
  items: ParsedItem[];
  refusals: (string | null)[];
}

/** Rules see the items as they are stored, without trackers. */
export function treatItems({ items, stripTrackers }: ItemTask, rules: CompiledRules): TreatedItems {
  const treated = stripTrackers ? items.map(stripped) : items;
  return { items: treated, refusals: treated.map((item) => refusal(rules, item)) };
}

function stripped(item: ParsedItem): ParsedItem {
  const { url, externalUrl, comments, summary, content } = item;
  return {
    ...item,
    ...(url === undefined ? {} : { url: withoutTrackers(url) }),
    ...(externalUrl === undefined ? {} : { externalUrl: withoutTrackers(externalUrl) }),
    ...(comments === undefined ? {} : { comments: withoutTrackers(comments) }),
    ...(summary === undefined ? {} : { summary: strippedHtml(summary) }),
    ...(content === undefined ? {} : { content: strippedHtml(content) }),
  };
}

const LINK = /<a\s[^<>]*>/gi;
const HREF = /(\shref\s*=\s*)(?:"([^"]*)"|'([^']*)')/i;

/** Links alone: an image's address is for the image's host to understand. */
function strippedHtml(html: string): string {
  if (!html.includes('?') && !html.includes('#')) return html;
  return html.replace(LINK, (tag) =>
    tag.replace(HREF, (whole, start: string, double?: string, single?: string) => {
      const raw = double ?? single ?? '';
      const address = raw.includes('&') ? decodeHTMLAttribute(raw) : raw;
      const clean = withoutTrackers(address);
      if (clean === address) return whole;
      return `${start}"${clean.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}"`;
    }),
  );
}
