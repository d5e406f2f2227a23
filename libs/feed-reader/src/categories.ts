/** Reads categories in their three spellings: RSS text with domain, Atom term with scheme and label, iTunes text. */
import { type ParsedCategory } from '#contracts/parsed-feed.js';

import { type FeedNode } from './feed-node.js';
import { LIMITS } from './limits.js';
import { decodedText } from './plain-text.js';

/** The categories of a feed or an item in their order, each once. */
export function categoriesOf(node: FeedNode): ParsedCategory[] {
  const found = new Map<string, ParsedCategory>();
  const itunes = node.all('itunes:category').flatMap((each) => [each, ...each.all('itunes:category')]);
  const media = node.all('media:group').flatMap((group) => group.all('category'));
  for (const each of [...node.all('category'), ...itunes, ...media].slice(0, LIMITS.repeats)) {
    const label = decodedText(each.attribute('label') ?? '');
    const term = decodedText(each.attribute('term') ?? each.attribute('text') ?? '') || each.name || label;
    const scheme = each.attribute('scheme') ?? each.attribute('domain');
    const key = `${scheme ?? ''} ${term}`;
    if (term === '' || found.has(key)) continue;
    found.set(key, { term, ...(scheme && { scheme }), ...(label && label !== term && { label }) });
  }
  return [...found.values()];
}
