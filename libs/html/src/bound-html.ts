/** Cuts HTML to a size that can be parsed in milliseconds: parsers take quadratic time over absurd nesting. */
import { cleanText } from '#domain/clean-text.js';

/** The rest of a longer body is cut off. A long read has 60,000 characters. */
const MAX_LENGTH = 500_000;
/** No honest article is half as deep. */
const MAX_DEPTH = 500;
/** Elements that hold nothing, or that end by themselves where the next one begins. */
const SHALLOW = new Set(
  'area base br col embed hr img input link meta param source track wbr p li td th tr dt dd option'.split(' '),
);
const TAG = /<(\/?)([a-z][a-z0-9]*)/gi;

/** Without control characters and lone surrogates; cut before the tag that goes too deep or too far. */
export function boundHtml(html: string): string {
  return cleanText(html.slice(0, Math.min(tooLongAt(html), tooDeepAt(html))));
}

function tooLongAt(html: string): number {
  if (html.length <= MAX_LENGTH) return html.length;
  const tag = html.lastIndexOf('<', MAX_LENGTH);
  return tag > MAX_LENGTH - 10_000 ? tag : MAX_LENGTH;
}

/** A rough count on purpose: it only has to be right about what is absurd. */
function tooDeepAt(html: string): number {
  let depth = 0;
  for (const { 1: slash, 2: name = '', index } of html.matchAll(TAG)) {
    if (index > MAX_LENGTH) break;
    if (SHALLOW.has(name.toLowerCase())) continue;
    depth = slash === '/' ? Math.max(0, depth - 1) : depth + 1;
    if (depth > MAX_DEPTH) return index;
  }
  return html.length;
}
