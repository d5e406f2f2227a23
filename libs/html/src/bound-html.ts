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
/** In these `<path … />` is a whole element; in those within them HTML's rules are back, where it is an open one (HTML, 13.2.6.5). */
const FOREIGN = new Set(['svg', 'math']);
const HTML_IN_FOREIGN = new Set('mi mo mn ms mtext annotation-xml foreignobject desc title'.split(' '));
/** Shapes of drawings; more are counted like elements that are open, should the parser think that they are. */
const MOST_SHAPES = 5_000;
const TAG = /<(\/?)([a-z][a-z0-9-]*)([^<>]*)/gi;
/** A picture inside an address is refused anyway, and must not take the room of the text behind it. */
const EMBEDDED = /data:[a-z]+\/[\w.+-]+(?:;[\w=.-]+)*;base64,[\w+/=%\r\n]{1000,}/gi;

/** Without control characters, lone surrogates and embedded files; cut before the tag that goes too deep or too far. */
export function boundHtml(html: string): string {
  const written = html.includes(';base64,') ? html.replace(EMBEDDED, 'data:,') : html;
  return cleanText(written.slice(0, Math.min(tooLongAt(written), tooDeepAt(written))));
}

function tooLongAt(html: string): number {
  if (html.length <= MAX_LENGTH) return html.length;
  const tag = html.lastIndexOf('<', MAX_LENGTH);
  return tag > MAX_LENGTH - 10_000 ? tag : MAX_LENGTH;
}

/** A rough count on purpose: it only has to be right about what is absurd. */
function tooDeepAt(html: string): number {
  const isForeign: boolean[] = [];
  let depth = 0;
  let shapes = 0;
  for (const { 0: tag, 1: slash, 2: written = '', 3: rest = '', index } of html.matchAll(TAG)) {
    if (index > MAX_LENGTH) break;
    const name = written.toLowerCase();
    if (SHALLOW.has(name)) continue;
    if (FOREIGN.has(name) || HTML_IN_FOREIGN.has(name)) {
      if (slash === '/') isForeign.pop();
      else isForeign.push(FOREIGN.has(name));
    }
    const isWhole = rest.endsWith('/') && html[index + tag.length] === '>';
    if (isWhole && isForeign.at(-1) === true && (shapes += 1) <= MOST_SHAPES) continue;
    depth = slash === '/' ? Math.max(0, depth - 1) : depth + 1;
    if (depth > MAX_DEPTH) return index;
  }
  return html.length;
}
