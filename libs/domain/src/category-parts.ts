/** What a partner's category consists of: one name, or a list that its writer put into one element. */
import { cleanLine } from './clean-text.js';

const MAX_NAME = 60;

/** Names that say where an item stands on a site, not what it is about. */
const EMPTY_NAMES = new Set(
  (
    'uncategorized,uncategorised,unkategorisiert,allgemein,general,generic,misc,miscellaneous,other,others,various,sonstiges,' +
    'divers,varios,news,latest,latest news,top news,top stories,top story,breaking,breaking news,featured,feature,headlines,' +
    'headline,home,homepage,frontpage,front page,blog,blogs,article,articles,story,stories,post,posts,rss,feed,default,none,' +
    'null,undefined,untagged,no category,nachrichten,actualités,actualites,noticias,notizie,nieuws,all,main,stream,latest posts'
  ).split(','),
);

/** The names in a category: "News/Sport" and "Football; Transfers" have two. */
export function categoryParts(text: string): string[] {
  const line = cleanLine(text, 300);
  const divided = line.split(/\s*[;|>›»]\s*|\s*\/\s*|,\s+/);
  // Long clauses are a sentence with commas, not a list.
  return divided.every((part) => part.length <= MAX_NAME) ? divided : [line];
}

/** True of "Uncategorized", "Home" and the like. */
export function isEmptyCategory(name: string): boolean {
  return EMPTY_NAMES.has(name.toLowerCase());
}
